import { act } from '../../hub/act.ts'
import { toolPath } from '../../lib/tool.ts'
import { useKilled } from '../../stores/gate.ts'
import { useLink } from '../../stores/link.ts'
import { useMay } from '../../stores/session.ts'
import type { Offer } from './offers.ts'
import './acts.css'

interface Props {
  readonly label: string
  readonly offers: readonly Offer[]
  /** What it is done to, where that is not plain from the page. */
  readonly whose?: string
  /** Called before it is done, such as to close a menu. */
  readonly onChoose?: () => void
}

/** Buttons that do something to the cluster; those who may only look do not see them. */
export function Offers({ label, offers, whose, onChoose }: Props) {
  const may = useMay('operator')
  const killed = useKilled()
  const connected = useLink((link) => link.status === 'connected')
  if (!may || offers.length === 0) return null
  return (
    <fieldset className="offers" disabled={killed || !connected}>
      <legend className="sr-only">{label}</legend>
      {whose && (
        <span className="offers-whose" aria-hidden="true">
          {whose}
        </span>
      )}
      {offers.map((offer) =>
        offer.asks ? (
          <a key={offer.word} className="btn" href={toolPath(offer.tool, offer.args)} onClick={onChoose}>
            {offer.word}
          </a>
        ) : (
          <button
            key={offer.word}
            type="button"
            className={offer.danger ? 'btn btn-danger' : 'btn'}
            title={killed ? 'The kill switch is on: nothing may be changed.' : undefined}
            onClick={() => {
              onChoose?.()
              void act(offer)
            }}
          >
            {offer.word}
          </button>
        ),
      )}
    </fieldset>
  )
}

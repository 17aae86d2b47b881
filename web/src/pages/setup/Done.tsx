import { useShallow } from 'zustand/react/shallow'
import { clusterListings, endDemo, isDemo } from '../../api/clusters.ts'
import { finishSetup } from '../../api/setup.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { lastLookedAt, useClusters } from '../../stores/clusters.ts'
import { type Live, useLive } from '../../stores/live.ts'
import { navigate } from '../../stores/location.ts'
import { seenWords } from '../../stores/seen.ts'
import { Mark, type Shape, type Tone } from '../../ui/Mark.tsx'
import { Refused } from '../../ui/Refused.tsx'

export function Done({ onBack }: { onBack: () => void }) {
  const keys = useClusters(useShallow(({ all }) => Object.keys(all).sort()))
  const { value: listings, reload } = useAnswer('clusters', clusterListings)
  const finishing = useOrder()
  const removing = useOrder()
  const demoBesides =
    (listings?.length ?? 0) > 1 && listings?.some((listing) => isDemo(listing) && !listing.paused)
  const looked = lastLookedAt()
  const first =
    listings?.find(({ key }) => key === looked)?.key ?? listings?.find((listing) => !isDemo(listing))?.key
  const finish = () =>
    finishing.run(async () => {
      await finishSetup()
      navigate(first === undefined ? '/' : `/c/${encodeURIComponent(first)}`)
    })
  return (
    <div className="ways">
      {keys.length === 0 && (
        <p>Nothing is being watched yet. Clusters are connected in the settings, under Clusters.</p>
      )}
      <ul className="done-list" aria-label="Clusters">
        {keys.map((key) => (
          <Watched key={key} cluster={key} />
        ))}
      </ul>
      {demoBesides && (
        <div className="form-buttons">
          <button
            type="button"
            className="btn"
            disabled={removing.busy}
            onClick={() => void removing.run(endDemo).then(reload)}
          >
            Stop watching the simulated cluster
          </button>
        </div>
      )}
      <Refused refusal={removing.refusal ?? finishing.refusal} />
      <div className="form-buttons">
        <button
          type="button"
          className="btn btn-strong"
          disabled={finishing.busy}
          onClick={() => void finish()}
        >
          To the screen
        </button>
        <button type="button" className="btn btn-bare" onClick={onBack}>
          Back
        </button>
      </div>
    </div>
  )
}

const looks: Partial<Readonly<Record<Live, { shape: Shape; tone: Tone }>>> = {
  live: { shape: 'disc', tone: 'good' },
  paused: { shape: 'bars', tone: 'info' },
  blind: { shape: 'cross', tone: 'bad' },
}

function Watched({ cluster }: { cluster: string }) {
  const live = useLive(cluster)
  const words = useClusters(({ all }) => {
    const seen = all[cluster]
    if (!seen || seen.header.observedAt === null) return null
    return seenWords(seen)
  })
  const name = useClusters(({ all }) => all[cluster]?.header.name ?? cluster)
  return (
    <li>
      <Mark {...(looks[live] ?? { shape: 'spin', tone: 'info' })} />
      <b>{name}</b> <span className="dim">{words ?? 'being read for the first time'}</span>
      <span className="done-live">{live}</span>
    </li>
  )
}

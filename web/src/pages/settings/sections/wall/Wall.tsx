import { useState } from 'react'
import { addWallToken, removeWallToken, wallTokens } from '../../../../api/accounts.ts'
import type { NewWallToken, WallTokenView } from '../../../../contract/rest.gen.ts'
import { useAnswer } from '../../../../hub/useAnswer.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { day, moment } from '../../../../lib/format.ts'
import { useDraft } from '../../../../stores/drafts.ts'
import { Confirm } from '../../../../ui/Ask.tsx'
import { Cure } from '../../../../ui/Cure.tsx'
import { Field } from '../../../../ui/Field.tsx'
import { Form } from '../../../../ui/Form.tsx'
import { Notice } from '../../../../ui/Notice.tsx'
import { Refused } from '../../../../ui/Refused.tsx'
import { Told } from '../../../../ui/Told.tsx'

const lifetimes = [
  { days: null, words: 'until it is revoked' },
  { days: 30, words: '30 days' },
  { days: 365, words: 'a year' },
] as const

const aboutOf = ({ createdAt, usedAt, expiresAt }: WallTokenView) =>
  [
    `made ${moment(createdAt)}`,
    usedAt === null ? 'never used' : `used ${moment(usedAt)}`,
    expiresAt === null ? 'does not expire' : `until ${day(expiresAt)}`,
  ].join(' · ')

export default function Wall() {
  const asked = useAnswer('wall', wallTokens)
  const [fresh, setFresh] = useState<NewWallToken | null>(null)
  const [leaving, setLeaving] = useState<WallTokenView | null>(null)
  const { busy, refusal, run, clear } = useOrder()
  return (
    <>
      <section className="settings-block">
        <p>
          A wall display shows everything and can change nothing. It opens a link that signs it in by itself,
          until you revoke it here.
        </p>
        <Told what="wall displays" asked={asked}>
          {(list) =>
            list.length === 0 ? (
              <Notice title="No wall displays" />
            ) : (
              <ul className="rows" aria-label="Wall displays">
                {list.map((token) => (
                  <li key={token.id}>
                    <div className="row-main">
                      <b>{token.name}</b>
                      <span className="row-about">{aboutOf(token)}</span>
                    </div>
                    <button type="button" className="btn btn-danger" onClick={() => setLeaving(token)}>
                      Revoke<span className="sr-only"> {token.name}</span>
                    </button>
                  </li>
                ))}
              </ul>
            )
          }
        </Told>
      </section>
      <section className="settings-block" aria-labelledby="new-wall">
        <h2 id="new-wall">A new one</h2>
        {fresh ? (
          <div className="form form-wide" role="status">
            <p>
              Open this link on <b>{fresh.name}</b>. It is shown this once, and whoever has it can look at
              everything.
            </p>
            <Cure lines={[`${location.origin}/wall#${fresh.token}`]} />
            <div className="form-buttons">
              <button type="button" className="btn" onClick={() => setFresh(null)}>
                Done
              </button>
            </div>
          </div>
        ) : (
          <NewWall
            onMade={(made) => {
              setFresh(made)
              asked.reload()
            }}
          />
        )}
      </section>
      {leaving && (
        <Confirm
          title={`Revoke ${leaving.name}?`}
          action="Revoke"
          busy={busy}
          onClose={() => {
            clear()
            setLeaving(null)
          }}
          onConfirm={() =>
            void run(() => removeWallToken(leaving.id)).then((ok) => {
              if (!ok) return
              setLeaving(null)
              asked.reload()
            })
          }
        >
          <p>Its screen goes dark within a second, and its link opens nothing any more.</p>
          <Refused refusal={refusal} />
        </Confirm>
      )}
    </>
  )
}

function NewWall({ onMade }: { onMade: (made: NewWallToken) => void }) {
  const { busy, refusal, run } = useOrder()
  const [name, setName] = useDraft('wall name', '')
  const [life, setLife] = useDraft('wall life', 0)
  return (
    <Form
      action="Make a link"
      doing="Making it…"
      busy={busy}
      refusal={refusal}
      onSend={() => run(async () => onMade(await addWallToken(name.trim(), lifetimes[life]?.days ?? null)))}
    >
      <Field
        label="Name"
        value={name}
        onChange={(event) => setName(event.target.value)}
        placeholder="Screen in the hall"
        maxLength={64}
        required
      />
      <label className="entry">
        <span className="dim">Good for</span>
        <select className="field" value={life} onChange={(event) => setLife(Number(event.target.value))}>
          {lifetimes.map(({ words }, i) => (
            <option key={words} value={i}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </Form>
  )
}

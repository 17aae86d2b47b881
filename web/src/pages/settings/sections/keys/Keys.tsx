import { useState } from 'react'
import { keys, removeKey } from '../../../../api/safety.ts'
import type { ApiKeyView, NewApiKey } from '../../../../contract/rest.gen.ts'
import { useAnswer } from '../../../../hub/useAnswer.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { useClock } from '../../../../stores/clock.ts'
import { useClusters } from '../../../../stores/clusters.ts'
import { Confirm } from '../../../../ui/Ask.tsx'
import { Cure } from '../../../../ui/Cure.tsx'
import { Notice } from '../../../../ui/Notice.tsx'
import { Refused } from '../../../../ui/Refused.tsx'
import { Told } from '../../../../ui/Told.tsx'
import { aboutKey, sayGrant } from './draft.ts'
import { NewKey } from './NewKey.tsx'

export default function Keys() {
  const asked = useAnswer('keys', keys)
  const [fresh, setFresh] = useState<NewApiKey | null>(null)
  const [leaving, setLeaving] = useState<ApiKeyView | null>(null)
  const { busy, refusal, run, clear } = useOrder()
  return (
    <>
      <section className="settings-block">
        <p>
          A key is for a script, a home automation or an MCP client. It acts for whoever made it, never has
          more rights than they have, and approves nothing. It opens <code className="mono">/api/tools</code>{' '}
          and <code className="mono">/mcp</code>.
        </p>
        <Told what="API keys" asked={asked}>
          {(list) =>
            list.length === 0 ? (
              <Notice title="No API keys" />
            ) : (
              <ul className="rows" aria-label="API keys">
                {list.map((key) => (
                  <Row key={key.id} of={key} onRevoke={() => setLeaving(key)} />
                ))}
              </ul>
            )
          }
        </Told>
      </section>
      <section className="settings-block" aria-labelledby="new-key">
        <h2 id="new-key">A new one</h2>
        {fresh ? (
          <Secret of={fresh} onDone={() => setFresh(null)} />
        ) : (
          <NewKey
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
            void run(() => removeKey(leaving.id)).then((ok) => {
              if (!ok) return
              setLeaving(null)
              asked.reload()
            })
          }
        >
          <p>Whatever uses it is refused at once, and what it has asked for is withdrawn.</p>
          <Refused refusal={refusal} />
        </Confirm>
      )}
    </>
  )
}

function Row({ of, onRevoke }: { of: ApiKeyView; onRevoke: () => void }) {
  const all = useClusters((clusters) => clusters.all)
  const minute = useClock(({ now }) => now - (now % 60_000))
  return (
    <li>
      <div className="row-main">
        <b>{of.name}</b>
        <span className="tag">{of.role}</span>
        <span className="tag">up to {of.ceiling.toUpperCase()}</span>
        <span className="row-about">{aboutKey(of, minute)}</span>
        {of.grants.map((grant) => (
          <span key={JSON.stringify(grant)} className="row-about">
            {sayGrant(grant, (key) => all[key]?.header.name ?? key)}
          </span>
        ))}
      </div>
      <button type="button" className="btn btn-danger" onClick={onRevoke}>
        Revoke<span className="sr-only"> {of.name}</span>
      </button>
    </li>
  )
}

const Secret = ({ of: { key, secret }, onDone }: { of: NewApiKey; onDone: () => void }) => (
  <div className="form form-wide" role="status">
    <p>
      This is the key <b>{key.name}</b>. It is shown this once; the server keeps only its hash.
    </p>
    <Cure lines={[secret]} />
    <p className="entry-hint">
      It is sent as the header <code className="mono">Authorization: Bearer {secret.slice(0, 10)}…</code>
    </p>
    <div className="form-buttons">
      <button type="button" className="btn" onClick={onDone}>
        Done
      </button>
    </div>
  </div>
)

import { day } from '../../lib/format.ts'
import { Facts } from '../../ui/Facts.tsx'
import { Form } from '../../ui/Form.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { isTrusted, type StageProps } from './draft.ts'

/** Two lines of sixteen bytes, as the node's own page breaks them. */
const halves = (print: string) => {
  const bytes = print.split(':')
  return [bytes.slice(0, 16).join(':'), bytes.slice(16).join(':')].filter(Boolean)
}

export function FingerprintStage({ draft, change, onNext, onBack }: StageProps) {
  const { probe } = draft
  if (!probe) return null
  return (
    <Form wide action="Trust it" ready={isTrusted(draft)} onSend={onNext} onBack={onBack}>
      <figure className="print">
        <figcaption>SHA-256 fingerprint of {probe.address}</figcaption>
        <p data-testid="fingerprint">
          {halves(probe.fingerprint).map((half) => (
            <span key={half}>
              {half.slice(0, 24)}
              <wbr />
              {half.slice(24)}
            </span>
          ))}
        </p>
      </figure>
      <Facts
        rows={[
          ['Issued to', probe.subject],
          ['Issued by', probe.issuer],
          ['Names', probe.names.join(', ') || 'none'],
          ['Valid', `${day(probe.notBefore)} to ${day(probe.notAfter)}`],
        ]}
      />
      {probe.publiclyTrusted ? (
        <p className="entry-hint">
          <Mark shape="disc" tone="good" /> A public authority vouches for this certificate, so there is
          nothing to compare.
        </p>
      ) : (
        <>
          <p>
            No public authority vouches for it, which is usual for Proxmox VE. Compare it with what the node
            itself says, reached another way: <code>pvenode cert info</code> in its shell, or its web page
            under <b>Node › System › Certificates</b>.
          </p>
          <label className="tick">
            <input
              type="checkbox"
              checked={draft.compared}
              onChange={(event) => change({ compared: event.target.checked })}
            />
            <span>I compared it, and every pair is the same.</span>
          </label>
        </>
      )}
    </Form>
  )
}

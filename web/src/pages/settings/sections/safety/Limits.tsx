import { useState } from 'react'
import { changePolicy } from '../../../../api/safety.ts'
import type { Policy } from '../../../../contract/rest.gen.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { useMay } from '../../../../stores/session.ts'
import { Facts } from '../../../../ui/Facts.tsx'
import { Field } from '../../../../ui/Field.tsx'
import { Form } from '../../../../ui/Form.tsx'
import { Mark } from '../../../../ui/Mark.tsx'
import { limited, limitIn, limits, type Typed } from './limits.ts'

/** How much programs may do, and how long a call waits for a person. */
export function Limits({ now, onChanged }: { now: Policy; onChanged: () => void }) {
  const admin = useMay('admin')
  if (!admin)
    return (
      <div className="settings-load">
        <Facts rows={limits.map(({ limit, label }) => [label, String(now[limit])])} />
      </div>
    )
  return <Change now={now} onChanged={onChanged} />
}

function Change({ now, onChanged }: { now: Policy; onChanged: () => void }) {
  const { busy, refusal, run } = useOrder()
  const [typed, setTyped] = useState<Typed>({})
  const [saved, setSaved] = useState(false)
  const wrong = refusal ? limitIn(refusal.words) : null
  const send = () =>
    run(async () => {
      await changePolicy(limited(typed))
      setTyped({})
      setSaved(true)
      onChanged()
    })
  return (
    <Form
      action="Save the limits"
      doing="Saving…"
      busy={busy}
      ready={Object.keys(typed).length > 0}
      refusal={wrong === null ? refusal : null}
      onSend={send}
    >
      {limits.map(({ limit, label, hint }) => (
        <Field
          key={limit}
          label={label}
          value={typed[limit] ?? String(now[limit])}
          onChange={(event) => {
            setSaved(false)
            setTyped({ ...typed, [limit]: event.target.value })
          }}
          hint={hint}
          problem={wrong === limit ? (refusal?.words ?? null) : null}
          inputMode="numeric"
          pattern="[0-9]{1,6}"
          title="A whole number"
          autoComplete="off"
          required
        />
      ))}
      {saved && (
        <p role="status">
          <Mark shape="disc" tone="good" /> Saved; it holds from now on.
        </p>
      )}
    </Form>
  )
}

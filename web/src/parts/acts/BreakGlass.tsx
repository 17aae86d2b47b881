import { useState } from 'react'
import { breakTheGlass } from '../../hub/act.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { useKilled } from '../../stores/gate.ts'
import { Ask } from '../../ui/Ask.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form } from '../../ui/Form.tsx'
import { isOfPassword, OwnPassword } from '../../ui/OwnPassword.tsx'

/** For an administrator in an emergency: what it does and who will see it, the reason, and the password once more. */
export function BreakGlass({ onClose }: { onClose: () => void }) {
  const { busy, refusal, run } = useOrder()
  const [reason, setReason] = useState('')
  const [password, setPassword] = useState('')
  const killed = useKilled()
  const ofReason = refusal?.status === 400
  const send = async () => {
    if (await run(() => breakTheGlass(password, reason.trim()))) onClose()
  }
  return (
    <Ask title="Break the glass?" onClose={onClose}>
      <Form
        action="Break the glass"
        doing="Working…"
        busy={busy}
        refusal={ofReason || isOfPassword(refusal) ? null : refusal}
        onSend={send}
        onCancel={onClose}
      >
        <p>
          For ten minutes your own RED and ORANGE calls, in this session, run without being asked about.
          Everybody sees who did this and why, and it stands in the audit. What is protected stays so.
        </p>
        {killed && (
          <p className="entry-problem" role="status">
            The kill switch is on: as long as it is, nothing may be changed with a broken glass either.
          </p>
        )}
        <Field
          label="Reason"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          hint="5 to 500 characters, shown to everybody."
          problem={ofReason ? refusal.words : null}
          maxLength={500}
          autoComplete="off"
          required
        />
        <OwnPassword value={password} onChange={setPassword} refusal={refusal} />
      </Form>
    </Ask>
  )
}

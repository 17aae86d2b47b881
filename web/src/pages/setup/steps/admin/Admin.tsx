import { useEffect, useState } from 'react'
import { signUp } from '../../../../hub/session.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { useSession } from '../../../../stores/session.ts'
import { forgetSetupToken, useSetupToken } from '../../../../stores/setupToken.ts'
import { Field } from '../../../../ui/Field.tsx'
import { Form } from '../../../../ui/Form.tsx'
import { Mark } from '../../../../ui/Mark.tsx'
import { NewPassword } from '../../../../ui/NewPassword.tsx'
import { Refused } from '../../../../ui/Refused.tsx'
import type { StepProps } from '../../step.ts'

/** The token in what was pasted, be it the whole link. */
const tokenIn = (pasted: string) => pasted.trim().replace(/^.*#/, '')

export default function Admin({ onDone }: StepProps) {
  const known = useSession((session) => session.user)
  if (known !== null)
    return (
      <div className="form">
        <p>
          <Mark shape="disc" tone="good" /> You are signed in as <b>{known}</b>, an administrator.
        </p>
        <div className="form-buttons">
          <button type="button" className="btn btn-strong" onClick={onDone}>
            Next
          </button>
        </div>
      </div>
    )
  return <NewAdmin onDone={onDone} />
}

function NewAdmin({ onDone }: { onDone: () => void }) {
  const { busy, refusal, run, clear } = useOrder()
  const [user, setUser] = useState('admin')
  const [password, setPassword] = useState('')
  const [pasted, setPasted] = useState('')
  const token = useSetupToken((state) => state.token)
  const linked = token !== ''
  // What was said of the link before says nothing of a new one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the link alone is the reason
  useEffect(() => {
    if (linked) clear()
  }, [token])

  async function submit() {
    await run(async () => {
      await signUp(linked ? token : tokenIn(pasted), user, password)
      forgetSetupToken()
      onDone()
    })
  }
  const tokenRefused = refusal?.code === 'SETUP_TOKEN'

  return (
    <Form action="Make the account" doing="Making it…" busy={busy} onSend={submit}>
      <p>This account may do everything. More can be made later, with less power.</p>
      {linked && !tokenRefused ? (
        <p className="entry-hint">
          <Mark shape="disc" tone="good" /> The one-time link was recognised.
        </p>
      ) : (
        <Field
          label="One-time token"
          value={pasted}
          onChange={(event) => {
            forgetSetupToken()
            setPasted(event.target.value)
          }}
          className="mono-field"
          hint="The server printed a link when it started, to its console or its log. Open that link, or paste it here."
          problem={tokenRefused ? refusal.words : null}
          autoComplete="off"
          spellCheck={false}
          required
        />
      )}
      <Field
        label="User name"
        value={user}
        onChange={(event) => setUser(event.target.value)}
        pattern="[a-z0-9._\-]{1,64}"
        title="Lower-case letters, digits, dot, underscore and hyphen"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <NewPassword user={user} value={password} onChange={setPassword} />
      {!tokenRefused && <Refused refusal={refusal} />}
      {refusal?.code === 'SETUP_DONE' && (
        <a className="btn" href="/">
          To the sign-in
        </a>
      )}
    </Form>
  )
}

import { useState } from 'react'
import { changeUser } from '../../../../api/accounts.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { Ask } from '../../../../ui/Ask.tsx'
import { Form } from '../../../../ui/Form.tsx'
import { NewPassword } from '../../../../ui/NewPassword.tsx'

interface Props {
  readonly user: string
  readonly onClose: () => void
  readonly onDone: () => void
}

export function ResetPassword({ user, onClose, onDone }: Props) {
  const { busy, refusal, run } = useOrder()
  const [password, setPassword] = useState('')
  const submit = () => {
    void run(async () => void (await changeUser(user, { password }))).then((ok) => ok && onDone())
  }
  return (
    <Ask title={`New password for ${user}`} onClose={onClose}>
      <Form
        action="Set the password"
        doing="Setting…"
        busy={busy}
        refusal={refusal}
        onSend={submit}
        onCancel={onClose}
      >
        <p>All sessions of {user} end at once.</p>
        <NewPassword user={user} value={password} onChange={setPassword} />
      </Form>
    </Ask>
  )
}

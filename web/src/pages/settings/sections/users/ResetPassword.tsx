import { type FormEvent, useState } from 'react'
import { changeUser } from '../../../../api/accounts.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { Ask } from '../../../../ui/Ask.tsx'
import { NewPassword } from '../../../../ui/NewPassword.tsx'
import { Refused } from '../../../../ui/Refused.tsx'

interface Props {
  readonly user: string
  readonly onClose: () => void
  readonly onDone: () => void
}

export function ResetPassword({ user, onClose, onDone }: Props) {
  const { busy, refusal, run } = useOrder()
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => void (await changeUser(user, { password }))).then((ok) => ok && onDone())
  }
  return (
    <Ask title={`New password for ${user}`} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <p>All sessions of {user} end at once.</p>
        <NewPassword user={user} value={password} onChange={setPassword} />
        <Refused refusal={refusal} />
        <div className="ask-buttons">
          <button type="button" className="btn" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="btn btn-strong" disabled={busy}>
            {busy ? 'Setting…' : 'Set the password'}
          </button>
        </div>
      </form>
    </Ask>
  )
}

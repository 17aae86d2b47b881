import { type FormEvent, useId, useState } from 'react'
import { signIn } from '../hub/session.ts'
import { useSession } from '../stores/session.ts'
import { Mark } from '../ui/Mark.tsx'
import { Wordmark } from '../ui/Wordmark.tsx'

export function Login() {
  const expired = useSession((session) => session.expired)
  const why = useSession((session) => session.why)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const id = useId()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setProblem(null)
    try {
      await signIn(String(form.get('user')), String(form.get('password')))
    } catch (refusal) {
      setProblem(refusal instanceof Error ? refusal.message : 'Signing in failed')
      setBusy(false)
    }
  }

  return (
    <main className="gate">
      <Wordmark large />
      <form className="login panel" onSubmit={(event) => void submit(event)} aria-labelledby={`${id}-title`}>
        <h1 id={`${id}-title`}>Sign in</h1>
        {expired && !problem && (
          <p className="login-note" role="status">
            Your session has ended. {why ?? 'Sign in to go on where you were.'}
          </p>
        )}
        <label htmlFor={`${id}-user`}>User</label>
        <input
          id={`${id}-user`}
          className="field"
          name="user"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <label htmlFor={`${id}-password`}>Password</label>
        <input
          id={`${id}-password`}
          className="field"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          aria-invalid={problem !== null}
          aria-describedby={problem ? `${id}-problem` : undefined}
        />
        {problem && (
          <p id={`${id}-problem`} className="login-problem" role="alert">
            <Mark shape="cross" tone="bad" /> {problem}
          </p>
        )}
        <button type="submit" className="btn btn-strong" disabled={busy}>
          {busy ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
    </main>
  )
}

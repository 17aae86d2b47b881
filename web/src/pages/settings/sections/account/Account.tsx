import { useState } from 'react'
import { changePassword, endOtherSessions, endSession, sessions } from '../../../../api/accounts.ts'
import { useAnswer } from '../../../../hub/useAnswer.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { Sessions } from '../../../../parts/sessions/Sessions.tsx'
import { useSession } from '../../../../stores/session.ts'
import { Field } from '../../../../ui/Field.tsx'
import { Form } from '../../../../ui/Form.tsx'
import { Mark } from '../../../../ui/Mark.tsx'
import { NewPassword } from '../../../../ui/NewPassword.tsx'
import { Refused } from '../../../../ui/Refused.tsx'
import { Told } from '../../../../ui/Told.tsx'

export default function Account() {
  const user = useSession((session) => session.user) ?? ''
  const role = useSession((session) => session.role)
  const asked = useAnswer('sessions', () => sessions(false))
  const ending = useOrder()
  const end = (work: () => Promise<void>) => void ending.run(work).then(asked.reload)
  return (
    <>
      <section className="settings-block">
        <p>
          You are <b>{user}</b> <span className="tag">{role}</span>
        </p>
      </section>
      <section className="settings-block" aria-labelledby="password-title">
        <h2 id="password-title">Password</h2>
        <Password user={user} onChanged={asked.reload} />
      </section>
      <section className="settings-block" aria-labelledby="sessions-title">
        <h2 id="sessions-title">Where you are signed in</h2>
        <Told what="sessions" asked={asked}>
          {(list) => (
            <>
              <Sessions list={list} busy={ending.busy} onEnd={(id) => end(() => endSession(id))} />
              {list.length > 1 && (
                <div className="form-buttons">
                  <button
                    type="button"
                    className="btn"
                    disabled={ending.busy}
                    onClick={() => end(endOtherSessions)}
                  >
                    Sign out everywhere else
                  </button>
                </div>
              )}
            </>
          )}
        </Told>
        <Refused refusal={ending.refusal} />
      </section>
    </>
  )
}

function Password({ user, onChanged }: { user: string; onChanged: () => void }) {
  const { busy, refusal, run } = useOrder()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [changed, setChanged] = useState(false)
  async function submit() {
    setChanged(false)
    if (!(await run(() => changePassword(current, next)))) return
    setCurrent('')
    setNext('')
    setChanged(true)
    onChanged()
  }
  return (
    <Form
      action="Change the password"
      doing="Changing…"
      busy={busy}
      refusal={refusal?.code === 'PASSWORD_WRONG' ? null : refusal}
      onSend={submit}
    >
      <input type="hidden" autoComplete="username" value={user} readOnly />
      <Field
        label="Current password"
        type="password"
        autoComplete="current-password"
        value={current}
        onChange={(event) => setCurrent(event.target.value)}
        problem={refusal?.code === 'PASSWORD_WRONG' ? refusal.words : null}
        required
      />
      <NewPassword label="New password" user={user} value={next} onChange={setNext} />
      {changed && (
        <p role="status">
          <Mark shape="disc" tone="good" /> Changed. You were signed out everywhere else.
        </p>
      )}
    </Form>
  )
}

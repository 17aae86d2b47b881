import { changeUser, endSession, removeUser, sessions, users } from '../../../../api/accounts.ts'
import type { Role, UserView } from '../../../../contract/rest.gen.ts'
import { useAnswer } from '../../../../hub/useAnswer.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { count, moment } from '../../../../lib/format.ts'
import { Sessions } from '../../../../parts/sessions/Sessions.tsx'
import { useDraft } from '../../../../stores/drafts.ts'
import { Confirm } from '../../../../ui/Ask.tsx'
import { Refused } from '../../../../ui/Refused.tsx'
import { Told } from '../../../../ui/Told.tsx'
import { AddUser } from './AddUser.tsx'
import { ResetPassword } from './ResetPassword.tsx'
import { roles } from './roles.ts'

type Asking = { readonly what: 'add' } | { readonly what: 'reset' | 'remove'; readonly user: UserView } | null

export default function Users() {
  return (
    <>
      <Accounts />
      <Everybody />
    </>
  )
}

/** Where everybody is signed in, wall displays included. */
function Everybody() {
  const asked = useAnswer('sessions of all', () => sessions(true))
  const { busy, refusal, run } = useOrder()
  return (
    <section className="settings-block" aria-labelledby="everybody-title">
      <h2 id="everybody-title">Who is signed in</h2>
      <Told what="sessions" asked={asked}>
        {(list) => (
          <Sessions
            list={list}
            busy={busy}
            named
            onEnd={(id) => void run(() => endSession(id)).then(asked.reload)}
          />
        )}
      </Told>
      <Refused refusal={refusal} />
    </section>
  )
}

function Accounts() {
  const asked = useAnswer('users', users)
  const [asking, setAsking] = useDraft<Asking>('users', null)
  const { busy, refusal, run, clear } = useOrder()
  const close = () => {
    clear()
    setAsking(null)
  }
  const done = () => {
    close()
    asked.reload()
  }
  const changeRole = (user: UserView, role: Role) =>
    void run(async () => void (await changeUser(user.name, { role }))).then(asked.reload)
  return (
    <section className="settings-block">
      <Told what="accounts" asked={asked}>
        {(list) => (
          <ul className="rows" aria-label="Accounts">
            {list.map((user) => (
              <Row key={user.name} user={user} busy={busy} onAsk={setAsking} onRole={changeRole} />
            ))}
          </ul>
        )}
      </Told>
      {asking === null && <Refused refusal={refusal} />}
      <div className="form-buttons">
        <button type="button" className="btn btn-strong" onClick={() => setAsking({ what: 'add' })}>
          Add an account
        </button>
      </div>
      {asking?.what === 'add' && <AddUser onClose={close} onDone={done} />}
      {asking?.what === 'reset' && <ResetPassword user={asking.user.name} onClose={close} onDone={done} />}
      {asking?.what === 'remove' && (
        <Confirm
          title={`Remove ${asking.user.name}?`}
          action="Remove"
          busy={busy}
          onClose={close}
          onConfirm={() => void run(() => removeUser(asking.user.name)).then((ok) => ok && done())}
        >
          <p>
            The account goes
            {asking.user.sessions > 0 && `, and its ${count(asking.user.sessions, 'session')} with it`}. What
            it did stays in the record.
          </p>
          <Refused refusal={refusal} />
        </Confirm>
      )}
    </section>
  )
}

interface RowProps {
  readonly user: UserView
  readonly busy: boolean
  readonly onAsk: (asking: Asking) => void
  readonly onRole: (user: UserView, role: Role) => void
}

const Row = ({ user, busy, onAsk, onRole }: RowProps) => (
  <li>
    <div className="row-main">
      <b>{user.name}</b>
      {user.you && <span className="tag tag-strong">you</span>}
      <span className="row-about">
        {user.seenAt === null ? 'never seen' : `seen ${moment(user.seenAt)}`} ·{' '}
        {count(user.sessions, 'session')} · password set {moment(user.passwordAt)}
      </span>
    </div>
    <div className="row-buttons">
      <select
        className="field row-choice"
        aria-label={`Role of ${user.name}`}
        value={user.role}
        disabled={busy || user.you}
        onChange={(event) => onRole(user, event.target.value as Role)}
      >
        {roles.map(({ role }) => (
          <option key={role} value={role}>
            {role}
          </option>
        ))}
      </select>
      <button type="button" className="btn" disabled={busy} onClick={() => onAsk({ what: 'reset', user })}>
        Reset password<span className="sr-only"> of {user.name}</span>
      </button>
      <button
        type="button"
        className="btn btn-danger"
        disabled={busy || user.you}
        onClick={() => onAsk({ what: 'remove', user })}
      >
        Remove<span className="sr-only"> {user.name}</span>
      </button>
    </div>
  </li>
)

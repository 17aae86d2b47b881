import { signOut } from '../hub/session.ts'
import { Looks } from '../parts/looks/Looks.tsx'
import { ask } from '../stores/acts.ts'
import { useGate } from '../stores/gate.ts'
import { canNotify, notify, useNotify } from '../stores/notify.ts'
import { useMay, useSession } from '../stores/session.ts'
import { Popover } from '../ui/Popover.tsx'
import { Switch } from '../ui/Switch.tsx'

export function UserMenu() {
  const user = useSession((session) => session.user)
  const role = useSession((session) => session.role)
  const admin = useMay('admin')
  return (
    <Popover
      label={`Signed in as ${user ?? 'somebody'}; menu`}
      className="avatar"
      face={<span aria-hidden="true">{(user ?? '?').charAt(0).toUpperCase()}</span>}
    >
      <div className="menu">
        <p>
          <strong>{user}</strong> <span className="tag">{role}</span>
        </p>
        <a className="menu-item" data-away href="/settings">
          Settings
        </a>
        <a className="menu-item" data-away href="/tools">
          Tools
        </a>
        {admin && (
          <a className="menu-item" data-away href="/audit">
            Audit
          </a>
        )}
        {admin && <Glass />}
        <Looks />
        <Notifications />
        <button type="button" className="btn" onClick={() => void signOut()}>
          Sign out
        </button>
      </div>
    </Popover>
  )
}

function Glass() {
  const broken = useGate(({ glasses }) => glasses.some(({ yours }) => yours))
  return (
    !broken && (
      <button type="button" className="menu-item" data-away onClick={() => ask({ kind: 'glass' })}>
        Break the glass…
      </button>
    )
  )
}

function Notifications() {
  const { wanted, denied } = useNotify()
  if (!canNotify()) return null
  return (
    <Switch
      label="Browser notifications"
      note={denied ? 'The browser does not allow them.' : 'For errors, while this page is hidden.'}
      on={wanted}
      onTurn={(on) => void notify(on)}
    />
  )
}

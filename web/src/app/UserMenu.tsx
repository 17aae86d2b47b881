import { signOut } from '../hub/session.ts'
import { accents, densities, modes, schemes, useLayout } from '../stores/layout.ts'
import { canNotify, notify, useNotify } from '../stores/notify.ts'
import { useSession } from '../stores/session.ts'
import { Choices } from '../ui/Choices.tsx'
import { Popover } from '../ui/Popover.tsx'
import { Switch } from '../ui/Switch.tsx'

export function UserMenu() {
  const user = useSession((session) => session.user)
  const role = useSession((session) => session.role)
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
        <a className="menu-item" href="/settings">
          Settings
        </a>
        <Appearance />
        <Notifications />
        <button type="button" className="btn" onClick={() => void signOut()}>
          Sign out
        </button>
      </div>
    </Popover>
  )
}

function Appearance() {
  const { mode, scheme, density, accent } = useLayout()
  return (
    <>
      <Choices
        name="Look"
        all={modes}
        chosen={mode}
        onChoose={(choice) => useLayout.setState({ mode: choice })}
      />
      <Choices
        name="Theme"
        all={schemes}
        chosen={scheme}
        onChoose={(choice) => useLayout.setState({ scheme: choice })}
      />
      <Choices
        name="Accent"
        all={accents}
        chosen={accent}
        swatches
        onChoose={(choice) => useLayout.setState({ accent: choice })}
      />
      <Choices
        name="Density"
        all={densities}
        chosen={density}
        onChoose={(choice) => useLayout.setState({ density: choice })}
      />
    </>
  )
}

function Notifications() {
  const { wanted, denied } = useNotify()
  if (!canNotify()) return null
  return (
    <Switch
      label="Browser notifications"
      note={denied ? 'The browser does not allow them.' : 'Of errors, while this page is hidden.'}
      on={wanted}
      onTurn={(on) => void notify(on)}
    />
  )
}

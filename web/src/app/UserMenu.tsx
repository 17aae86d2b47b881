import { signOut } from '../hub/session.ts'
import { accents, modes, useLayout } from '../stores/layout.ts'
import { useSession } from '../stores/session.ts'
import { Popover } from '../ui/Popover.tsx'

export function UserMenu() {
  const user = useSession((session) => session.user)
  const role = useSession((session) => session.role)
  const mode = useLayout((layout) => layout.mode)
  const accent = useLayout((layout) => layout.accent)
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
        <fieldset>
          <legend>Look</legend>
          <div className="choices">
            {modes.map((choice) => (
              <label key={choice}>
                <input
                  type="radio"
                  name="mode"
                  checked={mode === choice}
                  onChange={() => useLayout.setState({ mode: choice })}
                />
                <span>{choice}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend>Accent</legend>
          <div className="choices">
            {accents.map((choice) => (
              <label key={choice}>
                <input
                  type="radio"
                  name="accent"
                  checked={accent === choice}
                  onChange={() => useLayout.setState({ accent: choice })}
                />
                <span>
                  <i className="swatch" data-accent={choice} />
                  <span className="sr-only">{choice}</span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
        <button type="button" className="btn" onClick={() => void signOut()}>
          Sign out
        </button>
      </div>
    </Popover>
  )
}

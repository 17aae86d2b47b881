import { useLayout } from '../stores/layout.ts'
import { lay } from '../stores/overlay.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Switch } from '../ui/Switch.tsx'
import { type Shortcut, shortcuts } from './keys.ts'
import './key-map.css'

const groups = ['Anywhere', 'Go to', 'In lists', 'On the head of a panel'] as const

const faces: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  Escape: 'Esc',
  'Alt+Shift+ArrowUp': 'Alt Shift ↑',
  'Alt+Shift+ArrowDown': 'Alt Shift ↓',
  'Alt+Shift+ArrowLeft': 'Alt Shift ←',
  'Alt+Shift+ArrowRight': 'Alt Shift →',
  'Ctrl+k': /mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K',
}

export default function KeyMap() {
  const keys = useLayout((layout) => layout.keys)
  return (
    <Dialog label="Keyboard shortcuts" className="key-map" onClose={() => lay(null)}>
      <header>
        <h2 className="sheet-title">Keyboard shortcuts</h2>
        <button type="button" className="btn btn-bare" onClick={() => lay(null)}>
          Close
        </button>
      </header>
      <div className="key-groups">
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {shortcuts
                .filter((shortcut) => shortcut.group === group)
                .map((shortcut) => (
                  <Row key={shortcut.keys} shortcut={shortcut} />
                ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch
        label="Shortcuts of a single key"
        note="Ctrl K works in any case."
        on={keys}
        onTurn={(on) => useLayout.setState({ keys: on })}
      />
    </Dialog>
  )
}

const Row = ({ shortcut: { keys, title } }: { shortcut: Shortcut }) => (
  <div>
    <dt>
      {keys.split(' ').map((key) => (
        <kbd key={key}>{faces[key] ?? key}</kbd>
      ))}
    </dt>
    <dd>{title}</dd>
  </div>
)

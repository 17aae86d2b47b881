import './switch.css'

interface Props {
  readonly label: string
  readonly note?: string | undefined
  readonly on: boolean
  readonly disabled?: boolean
  readonly onTurn: (on: boolean) => void
}

export const Switch = ({ label, note, on, disabled = false, onTurn }: Props) => (
  <label className="toggle">
    <input
      type="checkbox"
      role="switch"
      checked={on}
      aria-checked={on}
      disabled={disabled}
      onChange={(event) => onTurn(event.target.checked)}
    />
    <i />
    <span>
      {label}
      {note && <span className="toggle-note">{note}</span>}
    </span>
  </label>
)

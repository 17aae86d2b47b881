import { useId } from 'react'

interface Props {
  readonly label: string
  readonly value: string
  /** Each value with its words. */
  readonly options: readonly (readonly [string, string])[]
  readonly required?: boolean
  readonly onChange: (value: string) => void
}

/** One of several, by its name. */
export function Select({ label, value, options, required = false, onChange }: Props) {
  const id = useId()
  return (
    <div className="entry">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="field"
        value={value}
        required={required}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </div>
  )
}

import { type InputHTMLAttributes, type ReactNode, useId } from 'react'
import { Mark } from './Mark.tsx'

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string
  readonly hint?: ReactNode
  readonly problem?: string | null
}

/** A named input with what it wants below it, and what is wrong with it. */
export function Field({ label, hint, problem, ...input }: Props) {
  const id = useId()
  const told = [hint ? `${id}-hint` : '', problem ? `${id}-problem` : ''].filter(Boolean).join(' ')
  return (
    <div className="entry">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        className={`field ${input.className ?? ''}`}
        aria-invalid={problem ? true : undefined}
        aria-describedby={told || undefined}
      />
      {hint && (
        <p id={`${id}-hint`} className="entry-hint">
          {hint}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className="entry-problem">
          <Mark shape="cross" tone="bad" /> {problem}
        </p>
      )}
    </div>
  )
}

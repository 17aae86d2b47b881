import { useId } from 'react'
import './choices.css'

interface Props<T extends string> {
  readonly name: string
  readonly all: readonly T[]
  readonly chosen: T
  /** Shows each as a disc of the accent of that name. */
  readonly swatches?: boolean
  readonly onChoose: (choice: T) => void
}

/** One of a few, side by side. */
export function Choices<T extends string>({ name, all, chosen, swatches = false, onChoose }: Props<T>) {
  const group = useId()
  return (
    <fieldset className="choices">
      <legend>{name}</legend>
      <div>
        {all.map((choice) => (
          <label key={choice} title={swatches ? choice : undefined}>
            <input type="radio" name={group} checked={chosen === choice} onChange={() => onChoose(choice)} />
            <span>
              {swatches && <i className="swatch" data-accent={choice} />}
              <span className={swatches ? 'sr-only' : undefined}>{choice}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

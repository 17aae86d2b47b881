import { useState } from 'react'
import { LONGEST, SHORTEST, strength } from '../lib/strength.ts'
import { Field } from './Field.tsx'

interface Props {
  readonly label?: string
  readonly user?: string
  readonly value: string
  readonly onChange: (value: string) => void
}

const tones = ['bad', 'bad', 'warn', 'good', 'good'] as const

/** A password that is being chosen: how strong it is, and a way to see what was typed. */
export function NewPassword({ label = 'Password', user = '', value, onChange }: Props) {
  const [shown, setShown] = useState(false)
  const { score, words } = strength(value, user)
  return (
    <div className="new-password">
      <Field
        label={label}
        type={shown ? 'text' : 'password'}
        autoComplete="new-password"
        minLength={SHORTEST}
        maxLength={LONGEST}
        required
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        hint={
          value === '' ? (
            `At least ${SHORTEST} characters; a few words in a row are easy to keep and hard to guess.`
          ) : (
            <span className={`strength tone-${tones[score]}`} data-score={score}>
              <i />
              <i />
              <i />
              <i />
              <span>{words}</span>
            </span>
          )
        }
      />
      <label className="tick">
        <input type="checkbox" checked={shown} onChange={(event) => setShown(event.target.checked)} />
        <span>Show it</span>
      </label>
    </div>
  )
}

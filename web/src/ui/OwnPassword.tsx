import { Field } from './Field.tsx'

interface Props {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly refusal: { readonly code: string; readonly words: string } | null
}

const codes = ['PASSWORD_WRONG', 'EMERGENCY_CODE']

/** Whether it is the password that was refused, which stands at its field. */
export const isOfPassword = (refusal: { readonly code: string } | null): boolean =>
  refusal !== null && codes.includes(refusal.code)

/** The own password once more, before what nobody may do who merely found the screen open. */
export const OwnPassword = ({ value, onChange, refusal }: Props) => (
  <Field
    label="Your own password"
    type="password"
    autoComplete="current-password"
    value={value}
    onChange={(event) => onChange(event.target.value)}
    problem={isOfPassword(refusal) ? (refusal?.words ?? null) : null}
    required
  />
)

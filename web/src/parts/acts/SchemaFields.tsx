import { useId } from 'react'
import { type Draft, type Schema, sayField } from '../../lib/schema.ts'
import { Field } from '../../ui/Field.tsx'

interface Props {
  readonly schema: Schema
  readonly draft: Draft
  /** Names that are settled already. */
  readonly without?: readonly string[]
  readonly onDraft: (draft: Draft) => void
}

/** A field for each thing that a tool takes, as its schema describes it. */
export const SchemaFields = ({ schema, draft, without = [], onDraft }: Props) =>
  Object.entries(schema.properties ?? {})
    .filter(([name]) => !without.includes(name))
    .map(([name, each]) => (
      <Entry
        key={name}
        name={name}
        schema={each}
        needed={schema.required?.includes(name) ?? false}
        value={draft[name]}
        onValue={(value) => onDraft({ ...draft, [name]: value })}
      />
    ))

interface EntryProps {
  readonly name: string
  readonly schema: Schema
  readonly needed: boolean
  readonly value: unknown
  readonly onValue: (value: unknown) => void
}

function Entry({ name, schema, needed, value, onValue }: EntryProps) {
  const label = needed ? sayField(name) : `${sayField(name)} (optional)`
  if (schema.type === 'object')
    return (
      <fieldset className="schema-part">
        <legend>{sayField(name)}</legend>
        <SchemaFields schema={schema} draft={(value ?? {}) as Draft} onDraft={onValue} />
      </fieldset>
    )
  if (schema.type === 'boolean')
    return (
      <label className="tick">
        <input
          type="checkbox"
          checked={(value ?? schema.default ?? false) === true}
          onChange={(event) => onValue(event.target.checked)}
        />
        <span>
          {sayField(name)}
          {schema.description && <span className="entry-hint"> {schema.description}</span>}
        </span>
      </label>
    )
  if (schema.enum)
    return (
      <Choice
        label={label}
        needed={needed}
        options={schema.enum}
        value={String(value ?? '')}
        onValue={onValue}
      />
    )
  return (
    <Field
      label={label}
      value={String(value ?? '')}
      onChange={(event) => onValue(event.target.value)}
      hint={hintOf(schema)}
      required={needed}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      inputMode={schema.type === 'integer' ? 'numeric' : undefined}
    />
  )
}

interface ChoiceProps {
  readonly label: string
  readonly needed: boolean
  readonly options: readonly string[]
  readonly value: string
  readonly onValue: (value: unknown) => void
}

function Choice({ label, needed, options, value, onValue }: ChoiceProps) {
  const id = useId()
  return (
    <div className="entry">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="field"
        required={needed}
        value={value}
        onChange={(event) => onValue(event.target.value)}
      >
        <option value="">{needed ? 'Choose' : 'As the tool has it'}</option>
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </div>
  )
}

function hintOf({ type, description, minimum, maximum, default: usual }: Schema): string | undefined {
  const range = minimum !== undefined && maximum !== undefined ? `${minimum} to ${maximum}` : null
  const many = type === 'array' ? 'several with commas between' : null
  const otherwise = usual === undefined || usual === null ? null : `else ${String(usual)}`
  const parts = [description, range, many, otherwise].filter(Boolean)
  return parts.length > 0 ? `${parts.join('; ')}.` : undefined
}

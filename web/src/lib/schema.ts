/** As much of JSON Schema as the server's tools describe themselves with. */
export interface Schema {
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
}

/** What was typed, by name; below an object by its names, too. */
export type Draft = Readonly<Record<string, unknown>>

export const asSchema = (given: unknown): Schema => (given ?? {}) as Schema

const isWhole = (text: string) => /^-?\d+$/.test(text)

/** A guest may be given by its number or by its name; digits alone are its number. */
const either = (schema: Schema) => schema.anyOf?.some(({ type }) => type === 'integer') ?? false

function typedOf(schema: Schema, typed: unknown): unknown {
  if (schema.type === 'object') {
    const value = argumentsOf(schema, (typed ?? {}) as Draft)
    return Object.keys(value).length > 0 ? value : undefined
  }
  if (typeof typed === 'boolean') return typed
  const text = String(typed ?? '').trim()
  if (text === '') return undefined
  if (schema.type === 'array')
    return text
      .split(/[\n,]/)
      .map((each) => typedOf(schema.items ?? {}, each))
      .filter((each) => each !== undefined)
  const counts = schema.type === 'integer' || schema.type === 'number' || either(schema)
  // What is no number is sent as it was typed: the server says what is legal.
  if (counts && isWhole(text)) return Number(text)
  if (schema.type === 'number' && Number.isFinite(Number(text))) return Number(text)
  return text
}

/** What was typed as the tool takes it; what was left empty is left out. */
export function argumentsOf(schema: Schema, draft: Draft): Record<string, unknown> {
  const values = Object.entries(schema.properties ?? {}).map(
    ([name, each]) => [name, typedOf(each, draft[name])] as const,
  )
  return Object.fromEntries(values.filter(([, value]) => value !== undefined))
}

/** What stands in the fields when these arguments are to be edited. */
export function draftOf(schema: Schema, args: Readonly<Record<string, unknown>>): Draft {
  const fields = Object.entries(schema.properties ?? {}).map(([name, each]) => {
    const value = args[name]
    if (each.type === 'object')
      return [name, draftOf(each, (value ?? {}) as Record<string, unknown>)] as const
    if (typeof value === 'boolean' || value === undefined || value === null) return [name, value] as const
    return [name, Array.isArray(value) ? value.join(', ') : String(value)] as const
  })
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined && value !== null))
}

const units: Readonly<Record<string, string>> = { s: 'seconds', mib: 'MiB', gib: 'GiB' }

/** A name as in the schema, as one would say it: `timeout_s` is "Timeout (seconds)". */
export const sayField = (name: string): string => {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split('_')
  const last = words.at(-1) ?? ''
  const unit = words.length > 1 ? units[last] : undefined
  const said = unit ? [...words.slice(0, -1), `(${unit})`].join(' ') : words.join(' ')
  return said.charAt(0).toUpperCase() + said.slice(1)
}

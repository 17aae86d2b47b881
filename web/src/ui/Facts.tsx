import type { ReactNode } from 'react'
import { UNKNOWN } from '../lib/format.ts'

/** Names and values; what is not known says so in a word. */
export const Facts = ({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) => (
  <dl className="facts">
    {rows.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value === UNKNOWN || value === null ? <span className="untold">unknown</span> : value}</dd>
      </div>
    ))}
  </dl>
)

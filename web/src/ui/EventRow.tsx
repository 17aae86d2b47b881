import { memo } from 'react'
import { clock, day } from '../lib/format.ts'
import { Mark } from './Mark.tsx'
import { look } from './states.ts'

interface Props {
  readonly at: string
  readonly severity: string
  readonly summary: string
  readonly about: string
  /** Shown above when the row before is of another day. */
  readonly newDay?: boolean
}

export const EventRow = memo(function EventRow({ at, severity, summary, about, newDay = false }: Props) {
  return (
    <li className="event" data-severity={severity}>
      {newDay && <p className="event-day">{day(at)}</p>}
      <time dateTime={at} title={at}>
        {clock(at)}
      </time>
      <Mark {...look(severity)} label={severity} />
      <span className="event-summary">{summary}</span>
      <span className="event-about">{about}</span>
    </li>
  )
})

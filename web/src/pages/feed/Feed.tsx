import { useEffect, useRef, useState } from 'react'
import type { PageProps } from '../../app/page.ts'
import type { EventView } from '../../contract/hubs.gen.ts'
import { loadEvents } from '../../hub/events.ts'
import { day } from '../../lib/format.ts'
import { onSight } from '../../lib/sight.ts'
import type { Filter } from '../../stores/events.ts'
import { useFeed } from '../../stores/useFeed.ts'
import { EventRow } from '../../ui/EventRow.tsx'
import { Loading, Notice } from '../../ui/Notice.tsx'
import './feed.css'

const severities: readonly { readonly value: Filter; readonly word: string }[] = [
  { value: null, word: 'Everything' },
  { value: 'warning', word: 'Warnings and worse' },
  { value: 'error', word: 'Errors and worse' },
  { value: 'critical', word: 'Critical only' },
]

const aboutOf = (event: EventView) =>
  [event.type, event.node, event.target, event.actor ?? event.source].filter(Boolean).join(' · ')

export default function FeedPage({ cluster }: PageProps) {
  const [severity, setSeverity] = useState<Filter>(null)
  return (
    <div className="feed panel">
      <div className="feed-head">
        <h1>Events</h1>
        <fieldset className="feed-choice">
          <legend className="sr-only">Severity</legend>
          {severities.map(({ value, word }) => (
            <label key={word}>
              <input
                type="radio"
                name="severity"
                checked={severity === value}
                onChange={() => setSeverity(value)}
              />
              <span>{word}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <List key={`${cluster} ${severity}`} cluster={cluster} severity={severity} />
    </div>
  )
}

function List({ cluster, severity }: { cluster: string; severity: Filter }) {
  const feed = useFeed(cluster, severity)
  const end = useRef<HTMLDivElement>(null)
  const { items, next, status } = feed
  useEffect(() => void loadEvents(cluster, severity, false), [cluster, severity])
  useEffect(() => {
    if (next === null || status !== 'idle' || !end.current) return
    return onSight(end.current, () => void loadEvents(cluster, severity, true))
  }, [cluster, severity, next, status])

  if (items.length === 0 && status === 'loading') return <Loading what="events" lines={9} />
  if (items.length === 0 && status === 'idle')
    return (
      <Notice title={severity === null ? 'Nothing happened yet' : 'Nothing of this kind'}>
        <p>
          {severity === null ? 'Changes of nodes, guests and storage appear here.' : 'That is good news.'}
        </p>
      </Notice>
    )
  return (
    <>
      <ul aria-label="Events, newest first">
        {items.map((event, i) => (
          <EventRow
            key={event.id}
            at={event.at}
            severity={event.severity}
            summary={event.summary}
            about={aboutOf(event)}
            newDay={i === 0 || day(items[i - 1]?.at ?? '') !== day(event.at)}
          />
        ))}
      </ul>
      <div ref={end} className="feed-end">
        {status === 'loading' && <Loading what="older events" lines={3} />}
        {status === 'failed' && (
          <Notice title="The events could not be read" tone="bad">
            <p>{feed.problem}</p>
            <button
              type="button"
              className="btn"
              onClick={() => void loadEvents(cluster, severity, items.length > 0)}
            >
              Try again
            </button>
          </Notice>
        )}
        {status === 'idle' && next === null && <p className="dim">The beginning of the record.</p>}
      </div>
    </>
  )
}

import { useEffect } from 'react'
import { loadEvents } from '../../hub/events.ts'
import { day } from '../../lib/format.ts'
import { path } from '../../lib/match.ts'
import { useCluster } from '../../stores/clusters.ts'
import { useFeed } from '../../stores/useFeed.ts'
import { EventRow } from '../../ui/EventRow.tsx'
import { Loading, Notice } from '../../ui/Notice.tsx'
import './recent.css'

const SHOWN = 40

export default function Recent() {
  const key = useCluster((cluster) => cluster.key)
  return key === null ? <Loading what="events" /> : <List key={key} cluster={key} />
}

function List({ cluster }: { cluster: string }) {
  const feed = useFeed(cluster, null)
  useEffect(() => void loadEvents(cluster, null, false), [cluster])
  if (feed.items.length === 0 && feed.status === 'loading') return <Loading what="events" />
  if (feed.items.length === 0 && feed.status === 'failed')
    return (
      <Notice title="No memory to show" tone="bad">
        <p>{feed.problem}</p>
        <button type="button" className="btn" onClick={() => void loadEvents(cluster, null, false)}>
          Try again
        </button>
      </Notice>
    )
  if (feed.items.length === 0)
    return (
      <Notice title="Nothing happened yet">
        <p>Changes of nodes, guests and storage appear here.</p>
      </Notice>
    )
  return (
    <>
      <ul aria-label="Latest events">
        {feed.items.slice(0, SHOWN).map((event, i, all) => (
          <EventRow
            key={event.id}
            // Only what is not of today needs its day said.
            newDay={day(event.at) !== day(all[i - 1]?.at ?? Date.now())}
            at={event.at}
            severity={event.severity}
            summary={event.summary}
            about={event.node ?? event.source}
          />
        ))}
      </ul>
      <a className="btn btn-bare all-events" href={path('c', cluster, 'feed')}>
        All events
      </a>
    </>
  )
}

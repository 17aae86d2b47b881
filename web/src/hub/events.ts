import { events as fetchEvents } from '../api/rest.ts'
import type { EventsClient, EventsHub } from '../contract/hubs.gen.ts'
import { useClusters } from '../stores/clusters.ts'
import { type Filter, feedKey, happened, join, setFeed, useEvents } from '../stores/events.ts'
import { connect } from './connect.ts'

export async function followEvents(
  signal: AbortSignal,
  ready: (refused: boolean) => Promise<boolean>,
): Promise<void> {
  const hub = connect<EventsHub, EventsClient>('/hubs/events')
  hub.on('Happened', (event) => {
    if (!signal.aborted) happened([event])
  })
  const catchUp = async () => {
    for (let id = useEvents.getState().lastId; id !== null && !signal.aborted; ) {
      const { events, more } = await hub.call('Since', id)
      if (events.length > 0) happened(events)
      id = more ? (events.at(-1)?.id ?? null) : null
    }
  }
  await hub.keep(signal, {
    prepare: ready,
    connected: () => {
      catchUp().catch(() => {})
    },
    lost: () => {},
  })
}

/** Loads the newest page, or with what is there already the next older one. */
export async function loadEvents(cluster: string, severity: Filter, older: boolean): Promise<void> {
  const key = feedKey(cluster, severity)
  const old = useEvents.getState().feeds[key]
  if (old?.status === 'loading' || (older && !old?.next)) return
  const before = older ? (old?.next ?? null) : null
  setFeed(key, (feed) => ({ ...feed, status: 'loading', problem: null }))
  try {
    // With one cluster its feed is the whole log, what belongs to no cluster included.
    const alone = Object.keys(useClusters.getState().all).length < 2
    const page = await fetchEvents(alone ? null : cluster, severity, before)
    setFeed(key, (feed) => ({
      ...feed,
      items: join(feed.items, page.items),
      next: page.next,
      status: 'idle',
    }))
    const newest = page.items[0]?.id
    if (newest !== undefined) useEvents.setState(({ lastId }) => ({ lastId: Math.max(lastId ?? 0, newest) }))
  } catch (problem) {
    const words = problem instanceof Error ? problem.message : 'The events could not be read'
    setFeed(key, (feed) => ({ ...feed, status: 'failed', problem: words }))
  }
}

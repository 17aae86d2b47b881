import { events as fetchEvents } from '../api/rest.ts'
import type { EventsClient, EventsHub } from '../contract/hubs.gen.ts'
import { wait } from '../lib/wait.ts'
import { epoch } from '../stores/epoch.ts'
import { type Filter, feedKey, happened, join, KEPT, setFeed, useEvents } from '../stores/events.ts'
import { useLink } from '../stores/link.ts'
import { connect } from './connect.ts'

const PAUSE = 3_000

export async function followEvents(
  signal: AbortSignal,
  ready: (refused: boolean) => Promise<boolean>,
): Promise<void> {
  const hub = connect<EventsHub, EventsClient>('/hubs/events')
  let catching = false
  const catchUp = async () => {
    if (catching) return
    catching = true
    try {
      for (let id = useEvents.getState().lastId; id !== null && !signal.aborted; ) {
        const { events, more } = await hub.call('Since', id)
        if (events.length > 0) happened(events)
        else if (more) await wait(PAUSE, signal)
        id = more ? useEvents.getState().lastId : null
      }
    } finally {
      catching = false
    }
  }
  // The connection may be gone again; the next one catches up from the same place.
  const caughtUp = () =>
    void catchUp().catch(() => wait(PAUSE, signal).then(() => signal.aborted || caughtUp()))

  hub.on('Happened', (event) => {
    if (signal.aborted) return
    const { lastId } = useEvents.getState()
    const whole = lastId === null || event.id <= lastId + 1
    happened([event], whole)
    if (!whole) caughtUp()
  })
  hub.on('Failed', (_code, message) => useLink.setState({ refusal: message }))
  await hub.keep(signal, { prepare: ready, connected: caughtUp, lost: () => {} })
}

/** Loads the newest page, or with what is there already the next older one. */
export async function loadEvents(cluster: string, severity: Filter, older: boolean): Promise<void> {
  const key = feedKey(cluster, severity)
  const old = useEvents.getState().feeds[key]
  if (old?.status === 'loading' || (older && !old?.next)) return
  const before = older ? (old?.next ?? null) : null
  const asker = epoch()
  setFeed(key, (feed) => ({ ...feed, status: 'loading', problem: null }))
  try {
    const page = await fetchEvents(cluster, severity, before)
    if (epoch() !== asker) return
    setFeed(key, (feed) => {
      const items = join(feed.items, page.items)
      return { ...feed, items, next: items.length < KEPT ? page.next : null, status: 'idle' }
    })
    useEvents.setState(({ lastId }) => ({ lastId: lastId ?? page.newest }))
  } catch (problem) {
    if (epoch() !== asker) return
    const words = problem instanceof Error ? problem.message : 'The events could not be read'
    setFeed(key, (feed) => ({ ...feed, status: 'failed', problem: words }))
  }
}

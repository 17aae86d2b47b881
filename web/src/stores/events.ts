import { create } from 'zustand'
import type { EventView, Severity } from '../contract/hubs.gen.ts'

export interface Feed {
  /** Newest first. */
  readonly items: readonly EventView[]
  /** Where the next older page begins; null at the end of history. */
  readonly next: number | null
  readonly status: 'idle' | 'loading' | 'failed'
  readonly problem: string | null
}

/** Up to `lastId` nothing was missed here, in any cluster: from there a reconnect catches up. */
export const useEvents = create<{
  readonly feeds: Readonly<Record<string, Feed>>
  readonly lastId: number | null
  /** What came last by itself, as opposed to what was asked for. */
  readonly fresh: readonly EventView[]
}>(() => ({ feeds: {}, lastId: null, fresh: [] }))

export const KEPT = 5_000
export const noFeed: Feed = { items: [], next: null, status: 'loading', problem: null }

/** This severity and worse; null for all. */
export type Filter = Severity | null

export const feedKey = (cluster: string, severity: Filter): string =>
  `${severity ?? 'all'} ${encodeURIComponent(cluster)}`

const ranks: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2, critical: 3 }

/** What belongs to no cluster, such as a sign-in, belongs to every feed. */
export function belongs(event: EventView, key: string): boolean {
  const [severity, cluster] = key.split(' ', 2)
  if (event.cluster !== null && encodeURIComponent(event.cluster) !== cluster) return false
  return severity === 'all' || ranks[event.severity] >= ranks[severity as Severity]
}

export function join(one: readonly EventView[], other: readonly EventView[]): readonly EventView[] {
  const byId = new Map([...one, ...other].map((event) => [event.id, event]))
  return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, KEPT)
}

/** `whole` says that nothing lies between these and what came before. */
export function happened(events: readonly EventView[], whole = true): void {
  useEvents.setState(({ feeds, lastId }) => {
    const next: Record<string, Feed> = { ...feeds }
    for (const [key, feed] of Object.entries(feeds)) {
      const mine = events.filter((event) => belongs(event, key))
      if (mine.length === 0) continue
      const items = join(mine, feed.items)
      // Where the oldest made room, the next older page begins at what is left.
      next[key] = { ...feed, items, next: items.length < KEPT ? feed.next : (items.at(-1)?.id ?? null) }
    }
    return {
      feeds: next,
      // With a gap before them, the catch-up brings them again.
      fresh: whole ? events.filter((event) => event.id > (lastId ?? 0)) : [],
      lastId: whole
        ? events.reduce<number | null>((id, event) => Math.max(id ?? 0, event.id), lastId)
        : lastId,
    }
  })
}

export const setFeed = (key: string, change: (old: Feed) => Feed): void =>
  useEvents.setState(({ feeds }) => ({ feeds: { ...feeds, [key]: change(feeds[key] ?? noFeed) } }))

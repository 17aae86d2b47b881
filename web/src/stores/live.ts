import { useClock } from './clock.ts'
import { useClusterKey, useClusters, useReceived } from './clusters.ts'
import { useEntries } from './entries.ts'
import { type Link, useLink } from './link.ts'
import type { Cluster } from './merge.ts'

export type Live = 'connecting' | 'idle' | 'live' | 'waiting' | 'paused' | 'stale' | 'blind' | 'reconnecting'

const MISSED_CADENCES = 2.5

/** `silence` is the milliseconds since anything of it arrived. Judged by what arrived here, never by what the server says of itself. */
export function judge(link: Link['status'], cluster: Cluster | undefined, silence: number): Live {
  if (link === 'reconnecting') return 'reconnecting'
  if (link === 'connecting' || !cluster) return 'connecting'
  const { blindSince, observedAt, cadenceSeconds } = cluster.header
  if (silence > MISSED_CADENCES * Math.max(cadenceSeconds, 10) * 1_000) return 'stale'
  if (blindSince !== null) return 'blind'
  return observedAt === null ? 'waiting' : 'live'
}

export function useLive(key?: string): Live {
  const current = useClusterKey()
  const link = useLink((state) => state.status)
  const cluster = useClusters((state) => state.all[key ?? current ?? ''])
  const at = useReceived((state) => state.at[key ?? current ?? ''] ?? 0)
  const told = useEntries(({ list }) => {
    if (list === null) return null
    const shown = key ?? current
    const entry = list.find((each) => each.key === shown)
    // Of a cluster that nobody watches nothing will ever come.
    if (list.length === 0 || (shown !== null && !entry && !cluster)) return 'idle'
    return entry?.paused ? 'paused' : null
  })
  return useClock((state) => {
    const judged = judge(link, cluster, state.now - at)
    // Without our own connection nobody knows whether that still holds.
    return link === 'connected' && told ? told : judged
  })
}

/** The same for any cluster, for what draws many of them at a time. */
export function liveOf(key: string, now: number): Live {
  const link = useLink.getState().status
  const paused = useEntries.getState().list?.some((entry) => entry.key === key && entry.paused)
  if (link === 'connected' && paused) return 'paused'
  return judge(link, useClusters.getState().all[key], now - (useReceived.getState().at[key] ?? 0))
}

const ROWS = { canSeeNodes: 'nodes', canSeeGuests: 'guests', canSeeStorage: 'storages' } as const

export type Sight = 'loading' | 'waiting' | 'blind' | 'hidden' | 'seen'

/** Whether an empty list may be believed. */
export function sight(
  cluster: Cluster | null,
  kind: 'canSeeNodes' | 'canSeeGuests' | 'canSeeStorage',
): Sight {
  if (!cluster) return 'loading'
  if (cluster.header.access && !cluster.header.access[kind]) return 'hidden'
  if (cluster.header.observedAt === null) return cluster.header.blindSince === null ? 'waiting' : 'blind'
  // Without rights Proxmox sends empty lists: until the rights were read, an empty one says nothing.
  if (!cluster.header.access && cluster[ROWS[kind]].size === 0) return 'waiting'
  return 'seen'
}

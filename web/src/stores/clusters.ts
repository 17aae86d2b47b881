import { create } from 'zustand'
import { match } from '../lib/match.ts'
import { useLocation } from './location.ts'
import type { Cluster } from './merge.ts'

/** Node names and vmids are unique only within a cluster, so everything hangs below its key. */
export const useClusters = create<{ readonly all: Readonly<Record<string, Cluster>> }>(() => ({ all: {} }))

/** When anything of a cluster last arrived here, by our own clock; apart, so that a heartbeat renders no rows. */
export const useReceived = create<{ readonly at: Readonly<Record<string, number>> }>(() => ({ at: {} }))

export const received = (key: string): void =>
  useReceived.setState(({ at }) => ({ at: { ...at, [key]: Date.now() } }))

export const setCluster = (cluster: Cluster): void =>
  useClusters.setState(({ all }) => ({ all: { ...all, [cluster.key]: cluster } }))

/** What is no longer watched leaves the screen. */
export const keepClusters = (keys: ReadonlySet<string>): void =>
  useClusters.setState((old) => {
    const kept = Object.entries(old.all).filter(([key]) => keys.has(key))
    return kept.length === Object.keys(old.all).length ? old : { all: Object.fromEntries(kept) }
  })

export function clusterInPath(path: string): string | null {
  const [first, key] = path.split('/').filter(Boolean)
  return first === 'c' && key ? (match('/c/:cluster', `/c/${key}`)?.cluster ?? null) : null
}

/** The cluster that was last looked at, for pages that belong to none. */
const useLooked = create<{ readonly at: string | null }>(() => ({ at: clusterInPath(location.pathname) }))

useLocation.subscribe(({ path }) => {
  const at = clusterInPath(path)
  if (at !== null) useLooked.setState({ at })
})

function onScreen(
  path: string,
  looked: string | null,
  all: Readonly<Record<string, Cluster>>,
): string | null {
  const named = clusterInPath(path)
  if (named !== null) return named
  return looked !== null && looked in all ? looked : (Object.keys(all).sort()[0] ?? null)
}

/** The cluster on screen: the one in the address, else the one looked at before, else the first by key. */
export function useClusterKey(): string | null {
  const path = useLocation((state) => state.path)
  const looked = useLooked((state) => state.at)
  return useClusters(({ all }) => onScreen(path, looked, all))
}

/** The same, for what happens at the press of a key. */
export const clusterOnScreen = (): string | null =>
  onScreen(useLocation.getState().path, useLooked.getState().at, useClusters.getState().all)

/** Turns to a cluster that the address does not name. */
export const lookAt = (key: string): void => useLooked.setState({ at: key })

/** The cluster last turned to, be anything known of it or not. */
export const lastLookedAt = (): string | null => useLooked.getState().at

export function useCluster<T>(select: (cluster: Cluster) => T): T | null {
  const key = useClusterKey()
  return useClusters((state) => {
    const cluster = key === null ? undefined : state.all[key]
    return cluster ? select(cluster) : null
  })
}

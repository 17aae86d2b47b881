import { create } from 'zustand'
import type { ClusterEntry } from '../contract/hubs.gen.ts'
import { clusterInPath, useClusters } from './clusters.ts'
import { useLocation } from './location.ts'

/** Which clusters the server watches, also those that nothing was read of yet; null until it said so. */
export const useEntries = create<{ readonly list: readonly ClusterEntry[] | null }>(() => ({ list: null }))

/** The name of a cluster in the address that the server does not watch; null while that is not known. */
export function useStranger(): string | null {
  const named = useLocation(({ path }) => clusterInPath(path))
  const here = useClusters(({ all }) => named !== null && named in all)
  // One that was added just now is watched before anything of it is known.
  const listed = useEntries(({ list }) => list === null || list.some(({ key }) => key === named))
  return here || listed ? null : named
}

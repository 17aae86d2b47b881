import { create } from 'zustand'
import type { ClusterEntry } from '../contract/hubs.gen.ts'

/** Which clusters the server watches, also those that nothing was read of yet; null until it said so. */
export const useEntries = create<{ readonly list: readonly ClusterEntry[] | null }>(() => ({ list: null }))

import { useCluster } from './clusters.ts'

/** How many rows there are; null while that cannot be told, because none were read or may be. */
export const useCount = (kind: 'nodes' | 'guests' | 'storages' | 'tasks'): number | null =>
  useCluster(({ header, [kind]: rows }) => {
    if (rows.size > 0) return rows.size
    const { access, observedAt } = header
    const seen = {
      nodes: access?.canSeeNodes,
      guests: access?.canSeeGuests,
      storages: access?.canSeeStorage,
      tasks: access?.canSeeNodes,
    }[kind]
    return observedAt === null || seen === false ? null : 0
  })

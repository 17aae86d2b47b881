import type { AccessView } from '../contract/hubs.gen.ts'
import { useCluster } from './clusters.ts'
import { type Sight, sight } from './live.ts'

const nothing: readonly string[] = []

interface Seeing {
  readonly sight: Sight
  readonly missing: readonly string[]
  readonly cure: readonly string[]
}

export function useSight(kind: 'canSeeNodes' | 'canSeeGuests' | 'canSeeStorage'): Seeing {
  const seen = useCluster((cluster) => sight(cluster, kind)) ?? 'loading'
  const access: AccessView | null = useCluster((cluster) => cluster.header.access)
  return { sight: seen, missing: access?.missing ?? nothing, cure: access?.cure ?? nothing }
}

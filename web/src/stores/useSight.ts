import type { AccessView } from '../contract/hubs.gen.ts'
import { useCluster } from './clusters.ts'
import { type Sight, sight } from './live.ts'

const nothing: readonly string[] = []

interface Seeing {
  readonly sight: Sight
  readonly trouble: string | null
  readonly missing: readonly string[]
  readonly cure: readonly string[]
}

export function useSight(kind: 'canSeeNodes' | 'canSeeGuests' | 'canSeeStorage'): Seeing {
  const seen = useCluster((cluster) => sight(cluster, kind)) ?? 'loading'
  const trouble = useCluster((cluster) => cluster.header.trouble)
  const access: AccessView | null = useCluster((cluster) => cluster.header.access)
  return { sight: seen, trouble, missing: access?.missing ?? nothing, cure: access?.cure ?? nothing }
}

import { useEffect } from 'react'
import { useCluster } from '../stores/clusters.ts'
import type { History } from '../stores/metrics.ts'
import { useHistory } from '../stores/useHistory.ts'
import { loadMetrics } from './metrics.ts'

/** The stored curve of a target, read anew once a minute while the cluster is being observed. */
export function useMetricHistory(cluster: string, target: string, range: string): History | null {
  const minute = useCluster(({ header }) => header.observedAt?.slice(0, 16) ?? '')
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new minute is a reason to read again
  useEffect(() => void loadMetrics(cluster, target, range), [cluster, target, range, minute])
  return useHistory(cluster, target, range)
}

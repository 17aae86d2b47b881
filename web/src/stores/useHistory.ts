import { type History, metricsKey, useMetrics } from './metrics.ts'

export const useHistory = (cluster: string, target: string, range: string): History | null =>
  useMetrics((state) => state.all[metricsKey(cluster, target, range)] ?? null)

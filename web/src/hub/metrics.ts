import { metrics } from '../api/rest.ts'
import { metricsKey, setHistory } from '../stores/metrics.ts'

/** Target is `node/NAME` or `guest/VMID`. A failed reload keeps the curve that is there. */
export async function loadMetrics(cluster: string, target: string, range: string): Promise<void> {
  const key = metricsKey(cluster, target, range)
  try {
    const loaded = await metrics(cluster, target, range)
    setHistory(key, () => ({ metrics: loaded, problem: null }))
  } catch (problem) {
    const words = problem instanceof Error ? problem.message : 'The history could not be read'
    setHistory(key, (old) => ({ metrics: old?.metrics ?? null, problem: words }))
  }
}

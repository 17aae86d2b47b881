import { metrics } from '../api/rest.ts'
import { epoch } from '../stores/epoch.ts'
import { metricsKey, setHistory, useMetrics } from '../stores/metrics.ts'

const FRESH = 20_000

/** Target is `node/NAME`, `guest/VMID` or `storage/ID`; `again` asks even if it did just now. A failed reload keeps the curve that is there. */
export async function loadMetrics(
  cluster: string,
  target: string,
  range: string,
  again = false,
): Promise<void> {
  const key = metricsKey(cluster, target, range)
  const askedAt = Date.now()
  const known = useMetrics.getState().all[key]
  if (!again && known && askedAt - known.askedAt < FRESH) return
  const asker = epoch()
  const isStale = () => epoch() !== asker || (useMetrics.getState().all[key]?.askedAt ?? 0) > askedAt
  setHistory(key, (old) => ({ metrics: old?.metrics ?? null, problem: null, askedAt }))
  try {
    const loaded = await metrics(cluster, target, range)
    if (isStale()) return
    setHistory(key, () => ({ metrics: loaded, problem: null, askedAt }))
  } catch (problem) {
    if (isStale()) return
    const words = problem instanceof Error ? problem.message : 'The history could not be read'
    setHistory(key, (old) => ({ metrics: old?.metrics ?? null, problem: words, askedAt }))
  }
}

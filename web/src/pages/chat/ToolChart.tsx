import { useEffect } from 'react'
import { loadMetrics } from '../../hub/metrics.ts'
import { cpu, disk, diskTraffic, memory, network } from '../../parts/history/charts.ts'
import { Charts } from '../../parts/history/History.tsx'
import { useClusters } from '../../stores/clusters.ts'
import type { Cluster } from '../../stores/merge.ts'
import { type Range, ranges } from '../../stores/range.ts'
import { useHistory } from '../../stores/useHistory.ts'
import '../../parts/history/history.css'

const CHARTS = {
  cpu: [cpu],
  memory: [memory(null)],
  disk: [disk('Disk', null)],
  net_in: [network],
  net_out: [network],
  disk_read: [diskTraffic],
  disk_write: [diskTraffic],
} as const

const isMetric = (metric: unknown): metric is keyof typeof CHARTS =>
  typeof metric === 'string' && metric in CHARTS

/** Where the record of what a call named is kept; null when there is none of this name. */
function placeOf(cluster: Cluster, target: string): string | null {
  const guest = [...cluster.guests.values()].find(
    ({ vmid, name }) => name === target || String(vmid) === target,
  )
  if (guest) return `guest/${guest.vmid}`
  if (cluster.nodes.has(target)) return `node/${target}`
  const storage = [...cluster.storages.values()].find(({ id, name }) => id === target || name === target)
  return storage ? `storage/${storage.id}` : null
}

/** The numbers that a call looked at, drawn. */
export default function ToolChart({ args }: { args: unknown }) {
  const { target, metric, range = 'hour', cluster } = args as Record<string, unknown>
  const clusters = useClusters(({ all }) => all)
  const among = Object.values(clusters).filter(({ key }) => cluster === undefined || key === cluster)
  const found = among
    .map((each) => ({ key: each.key, place: placeOf(each, String(target)) }))
    .find(({ place }) => place !== null)
  if (!found?.place || !isMetric(metric) || !ranges.includes(range as Range)) return null
  return <Drawn cluster={found.key} place={found.place} metric={metric} range={range as Range} />
}

interface DrawnProps {
  readonly cluster: string
  readonly place: string
  readonly metric: keyof typeof CHARTS
  readonly range: Range
}

function Drawn({ cluster, place, metric, range }: DrawnProps) {
  useEffect(() => void loadMetrics(cluster, place, range), [cluster, place, range])
  const metrics = useHistory(cluster, place, range)?.metrics
  return metrics ? <Charts metrics={metrics} charts={CHARTS[metric]} /> : null
}

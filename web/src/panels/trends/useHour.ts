import { useMemo } from 'react'
import { useNodeHours } from '../../hub/useNodeHours.ts'
import type { Cluster } from '../../stores/merge.ts'
import { type History, metricsKey, useMetrics } from '../../stores/metrics.ts'
import { type ClusterTrend, useTrends } from '../../stores/trends.ts'

type Values = readonly (number | null)[]

interface Hour {
  readonly times: readonly number[]
  readonly cpu: Values
  readonly memory: Values
  readonly recent: ClusterTrend
}

interface Weight {
  readonly history: History
  readonly cores: number
  readonly memory: number
}

/** The mean over nodes, each by its cores or bytes; null where no node was known. */
function mean(weights: readonly Weight[], at: number, cpu: boolean): number | null {
  let [part, whole] = [0, 0]
  for (const { history, cores, memory } of weights) {
    const value = history.metrics?.series[cpu ? 'cpu' : 'memory']?.[at]
    if (value == null) continue
    part += cpu ? value * cores : value
    whole += cpu ? cores : memory
  }
  return whole > 0 ? part / whole : null
}

function joined(weights: readonly Weight[], recent: ClusterTrend): Hour {
  const past = weights[0]?.history.metrics?.times ?? []
  const first = recent.times[0] ?? Number.POSITIVE_INFINITY
  const before = past.filter((time) => time < first)
  return {
    times: [...before, ...recent.times],
    cpu: [...before.map((_, i) => mean(weights, i, true)), ...recent.total.cpu],
    memory: [...before.map((_, i) => mean(weights, i, false)), ...recent.total.memory],
    recent,
  }
}

/** The stored hour of the nodes, continued with what has arrived since the page was opened. */
export function useHour(cluster: Cluster | null): Hour | null {
  const key = cluster?.key ?? ''
  const recent = useTrends((state) => state.all[key])
  const histories = useMetrics((state) => state.all)
  const names = useNodeHours(cluster?.key ?? null, cluster?.nodes ?? null).join('\n')
  return useMemo(() => {
    if (!cluster || !recent) return null
    const weights = names.split('\n').flatMap((name) => {
      const history = histories[metricsKey(key, `node/${name}`, 'hour')]
      const node = cluster.nodes.get(name)
      return history?.metrics && node
        ? [{ history, cores: node.maxCpu ?? 1, memory: node.maxMemory ?? 0 }]
        : []
    })
    return joined(weights, recent)
  }, [cluster, recent, histories, key, names])
}

import { create } from 'zustand'
import { share } from '../lib/format.ts'
import type { Cluster } from './merge.ts'

export interface Trend {
  readonly cpu: readonly (number | null)[]
  readonly memory: readonly (number | null)[]
}

export interface Totals extends Trend {
  readonly netIn: readonly (number | null)[]
  readonly netOut: readonly (number | null)[]
}

export interface ClusterTrend {
  readonly observedAt: string
  readonly times: readonly number[]
  readonly total: Totals
  readonly nodes: ReadonlyMap<string, Trend>
}

const KEPT = 360
const KEPT_PER_NODE = 60
const nothing: Totals = { cpu: [], memory: [], netIn: [], netOut: [] }

/** What arrived while this page is open; longer ranges come from the server's history. */
export const useTrends = create<{ readonly all: Readonly<Record<string, ClusterTrend>> }>(() => ({ all: {} }))

const push = <T>(old: readonly T[], value: T, kept: number): readonly T[] => [...old.slice(1 - kept), value]

const grow = (old: Trend, cpu: number | null, memory: number | null, kept: number): Trend => ({
  cpu: push(old.cpu, cpu, kept),
  memory: push(old.memory, memory, kept),
})

/** Cores and bytes in use over all nodes that told both; null when none did. */
export function totals(cluster: Cluster): { cpu: number | null; memory: number | null } {
  let [cores, busy, size, used] = [0, 0, 0, 0]
  for (const node of cluster.nodes.values()) {
    if (node.status !== 'online' || node.missing) continue
    if (node.cpu !== null && node.maxCpu !== null) {
      cores += node.maxCpu
      busy += node.cpu * node.maxCpu
    }
    if (node.memory !== null && node.maxMemory !== null) {
      size += node.maxMemory
      used += node.memory
    }
  }
  return { cpu: share(busy, cores), memory: share(used, size) }
}

/** Bytes a second of all guests that tell; null when none does. */
function traffic(cluster: Cluster, field: 'netIn' | 'netOut'): number | null {
  let sum: number | null = null
  for (const guest of cluster.guests.values()) {
    const value = guest[field]
    if (value !== null && guest.status === 'running') sum = (sum ?? 0) + value
  }
  return sum
}

export function record(cluster: Cluster): void {
  const { observedAt } = cluster.header
  const old = useTrends.getState().all[cluster.key]
  if (observedAt === null || old?.observedAt === observedAt) return
  const { cpu, memory } = totals(cluster)
  const nodes = new Map<string, Trend>()
  for (const node of cluster.nodes.values()) {
    const up = node.status === 'online'
    const used = up ? share(node.memory, node.maxMemory) : null
    nodes.set(
      node.name,
      grow(old?.nodes.get(node.name) ?? nothing, up ? node.cpu : null, used, KEPT_PER_NODE),
    )
  }
  const total = old?.total ?? nothing
  const next: ClusterTrend = {
    observedAt,
    times: push(old?.times ?? [], Date.parse(observedAt) / 1_000, KEPT),
    total: {
      ...grow(total, cpu, memory, KEPT),
      netIn: push(total.netIn, traffic(cluster, 'netIn'), KEPT),
      netOut: push(total.netOut, traffic(cluster, 'netOut'), KEPT),
    },
    nodes,
  }
  useTrends.setState(({ all }) => ({ all: { ...all, [cluster.key]: next } }))
}

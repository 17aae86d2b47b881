import { useEffect } from 'react'
import type { NodeView } from '../contract/hubs.gen.ts'
import { loadMetrics } from './metrics.ts'

/** Above this the history of every node is too much to ask for at once. */
const MOST_NODES = 8
const none: readonly string[] = []

/** Has the last hour of the nodes loaded, where they are few; returns their names. */
export function useNodeHours(
  cluster: string | null,
  nodes: ReadonlyMap<string, NodeView> | null,
): readonly string[] {
  const names = nodes && nodes.size <= MOST_NODES ? [...nodes.keys()].sort().join('\n') : ''
  useEffect(() => {
    if (cluster === null) return
    for (const name of names.split('\n').filter(Boolean)) void loadMetrics(cluster, `node/${name}`, 'hour')
  }, [cluster, names])
  return names === '' ? none : names.split('\n')
}

import { lazy } from 'react'
import { definePanel } from '../../app/panel.ts'
import { useCluster } from '../../stores/clusters.ts'

export default definePanel({
  id: 'nodes',
  title: 'Nodes',
  slot: 'left',
  order: 1,
  useCount: () => useCluster((cluster) => cluster.nodes.size),
  view: lazy(() => import('./Nodes.tsx')),
})

import { lazy } from 'react'
import { definePanel } from '../../app/panel.ts'
import { useCluster } from '../../stores/clusters.ts'

export default definePanel({
  id: 'tasks',
  title: 'Tasks',
  slot: 'right',
  order: 1,
  useCount: () => useCluster((cluster) => cluster.tasks.size),
  scrolls: true,
  view: lazy(() => import('./Tasks.tsx')),
})

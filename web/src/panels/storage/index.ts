import { lazy } from 'react'
import { definePanel } from '../../app/panel.ts'
import { useCluster } from '../../stores/clusters.ts'

export default definePanel({
  id: 'storage',
  title: 'Storage',
  slot: 'left',
  order: 3,
  useCount: () => useCluster((cluster) => cluster.storages.size),
  scrolls: true,
  view: lazy(() => import('./Storage.tsx')),
})

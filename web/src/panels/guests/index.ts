import { lazy } from 'react'
import { definePanel } from '../../app/panel.ts'
import { useCluster } from '../../stores/clusters.ts'

export default definePanel({
  id: 'guests',
  title: 'Guests',
  slot: 'left',
  order: 2,
  useCount: () => useCluster((cluster) => cluster.guests.size),
  view: lazy(() => import('./Guests.tsx')),
})

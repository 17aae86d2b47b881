import { lazy } from 'react'
import { definePanel } from '../../app/panel.ts'
import { useCount } from '../../stores/useCount.ts'

export default definePanel({
  id: 'nodes',
  title: 'Nodes',
  key: 'n',
  slot: 'left',
  order: 1,
  useCount: () => useCount('nodes'),
  view: lazy(() => import('./Nodes.tsx')),
})

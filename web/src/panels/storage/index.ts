import { lazy } from 'react'
import { definePanel } from '../../app/panel.ts'
import { useCount } from '../../stores/useCount.ts'

export default definePanel({
  id: 'storage',
  title: 'Storage',
  key: 's',
  slot: 'left',
  order: 3,
  useCount: () => useCount('storages'),
  view: lazy(() => import('./Storage.tsx')),
})

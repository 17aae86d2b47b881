import { lazy } from 'react'
import { definePanel } from '../../app/panel.ts'
import { useCount } from '../../stores/useCount.ts'

export default definePanel({
  id: 'tasks',
  title: 'Tasks',
  key: 't',
  slot: 'right',
  order: 1,
  useCount: () => useCount('tasks'),
  scrolls: true,
  view: lazy(() => import('./Tasks.tsx')),
})

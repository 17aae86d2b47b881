import { definePanel } from '../../app/panel.ts'
import { later } from '../../lib/later.ts'
import { useCount } from '../../stores/useCount.ts'

export default definePanel({
  id: 'tasks',
  title: 'Tasks',
  key: 't',
  slot: 'right',
  order: 1,
  useCount: () => useCount('tasks'),
  scrolls: true,
  view: later(() => import('./Tasks.tsx')),
})

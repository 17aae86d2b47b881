import { definePanel } from '../../app/panel.ts'
import { later } from '../../lib/later.ts'
import { useCount } from '../../stores/useCount.ts'

export default definePanel({
  id: 'nodes',
  title: 'Nodes',
  key: 'n',
  slot: 'left',
  order: 1,
  useCount: () => useCount('nodes'),
  view: later(() => import('./Nodes.tsx')),
})

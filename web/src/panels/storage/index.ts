import { definePanel } from '../../app/panel.ts'
import { later } from '../../lib/later.ts'
import { useCount } from '../../stores/useCount.ts'

export default definePanel({
  id: 'storage',
  title: 'Storage',
  key: 's',
  slot: 'left',
  order: 3,
  useCount: () => useCount('storages'),
  view: later(() => import('./Storage.tsx')),
})

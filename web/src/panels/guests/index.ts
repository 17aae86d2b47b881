import { definePanel } from '../../app/panel.ts'
import { later } from '../../lib/later.ts'
import { useCount } from '../../stores/useCount.ts'

export default definePanel({
  id: 'guests',
  title: 'Guests',
  key: 'g',
  slot: 'left',
  order: 2,
  useCount: () => useCount('guests'),
  view: later(() => import('./Guests.tsx')),
})

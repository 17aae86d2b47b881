import { definePanel } from '../../app/panel.ts'
import { later } from '../../lib/later.ts'

export default definePanel({
  id: 'heat',
  title: 'Every guest',
  slot: 'centre',
  order: 3,
  view: later(() => import('./Heat.tsx')),
})

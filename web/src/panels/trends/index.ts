import { definePanel } from '../../app/panel.ts'
import { later } from '../../lib/later.ts'

export default definePanel({
  id: 'trends',
  title: 'Trends',
  slot: 'centre',
  order: 2,
  view: later(() => import('./Trends.tsx')),
})

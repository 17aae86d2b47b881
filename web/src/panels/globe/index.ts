import { definePanel } from '../../app/panel.ts'
import { later } from '../../lib/later.ts'

export default definePanel({
  id: 'globe',
  title: 'The cluster now',
  slot: 'centre',
  order: 1,
  view: later(() => import('./Globe.tsx')),
})

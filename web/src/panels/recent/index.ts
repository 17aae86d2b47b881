import { definePanel } from '../../app/panel.ts'
import { later } from '../../lib/later.ts'

export default definePanel({
  id: 'recent',
  title: 'Latest events',
  key: 'e',
  slot: 'right',
  order: 2,
  view: later(() => import('./Recent.tsx')),
})

import { definePage } from '../../app/page.ts'
import { later } from '../../lib/later.ts'

export default definePage({
  path: '/guest/:vmid/:tab?',
  title: 'Guest',
  view: later(() => import('./Guest.tsx')),
})

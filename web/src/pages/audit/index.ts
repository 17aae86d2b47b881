import { definePage } from '../../app/page.ts'
import { later } from '../../lib/later.ts'

export default definePage({
  path: '/audit/:call?',
  title: 'Audit',
  scope: 'app',
  role: 'admin',
  palette: ['record', 'who did what', 'log', 'verify'],
  places: [{ path: '/audit', title: 'Audit', role: 'admin' }],
  view: later(() => import('./Audit.tsx')),
})

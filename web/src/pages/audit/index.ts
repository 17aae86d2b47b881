import { definePage } from '../../app/page.ts'
import { later } from '../../lib/later.ts'

export default definePage({
  path: '/audit',
  title: 'Audit',
  scope: 'app',
  role: 'admin',
  palette: ['record', 'who did what', 'log', 'verify'],
  view: later(() => import('./Audit.tsx')),
})

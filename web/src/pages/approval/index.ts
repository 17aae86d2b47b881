import { definePage } from '../../app/page.ts'
import { later } from '../../lib/later.ts'

export default definePage({
  path: '/approvals/:id',
  title: 'Approval',
  scope: 'app',
  role: 'operator',
  view: later(() => import('./Approval.tsx')),
})

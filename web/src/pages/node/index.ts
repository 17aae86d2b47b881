import { definePage } from '../../app/page.ts'
import { later } from '../../lib/later.ts'

export default definePage({
  path: '/node/:node',
  title: 'Node',
  view: later(() => import('./Node.tsx')),
})

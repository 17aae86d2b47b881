import { definePage } from '../../app/page.ts'
import { later } from '../../lib/later.ts'

export default definePage({
  path: '/storage/:node/:id',
  title: 'Storage',
  view: later(() => import('./Storage.tsx')),
})

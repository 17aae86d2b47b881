import { definePage } from '../../app/page.ts'
import '../../stores/setupToken.ts'
import { later } from '../../lib/later.ts'

export default definePage({
  path: '/setup/:step?',
  title: 'Set-up',
  scope: 'app',
  alone: true,
  view: later(() => import('./Setup.tsx')),
})

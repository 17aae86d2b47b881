import { definePage } from '../../app/page.ts'
import { later } from '../../lib/later.ts'

export default definePage({
  path: '/tools/:tool?',
  title: 'Tools',
  scope: 'app',
  key: 'x',
  palette: ['actions', 'catalogue', 'api', 'tiers'],
  places: [{ path: '/tools', title: 'Tools' }],
  view: later(() => import('./Tools.tsx')),
})

import { definePage } from '../../app/page.ts'
import { later } from '../../lib/later.ts'

export default definePage({
  path: '/feed',
  title: 'Feed',
  tab: 1,
  key: 'f',
  palette: ['events', 'log', 'history'],
  view: later(() => import('./Feed.tsx')),
})

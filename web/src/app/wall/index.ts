import { later } from '../../lib/later.ts'
import { definePage } from '../page.ts'

export default definePage({
  path: '/wall',
  title: 'Wall display',
  scope: 'app',
  alone: true,
  key: 'w',
  palette: ['kiosk', 'tv', 'fullscreen', 'monitor'],
  view: later(() => import('./Wall.tsx')),
})

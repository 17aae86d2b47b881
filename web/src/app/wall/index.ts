import { lazy } from 'react'
import { definePage } from '../page.ts'

export default definePage({
  path: '/wall',
  title: 'Wall display',
  scope: 'app',
  alone: true,
  key: 'w',
  palette: ['kiosk', 'tv', 'fullscreen', 'monitor'],
  view: lazy(() => import('./Wall.tsx')),
})

import { lazy } from 'react'
import { definePage } from '../../app/page.ts'

export default definePage({
  path: '/feed',
  title: 'Feed',
  tab: 1,
  key: 'f',
  palette: ['events', 'log', 'history'],
  view: lazy(() => import('./Feed.tsx')),
})

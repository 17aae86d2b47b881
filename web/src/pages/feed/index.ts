import { lazy } from 'react'
import { definePage } from '../../app/page.ts'

export default definePage({
  path: '/feed',
  title: 'Feed',
  tab: 1,
  view: lazy(() => import('./Feed.tsx')),
})

import { lazy } from 'react'
import { definePage } from '../../app/page.ts'

export default definePage({
  path: '/storage/:node/:id',
  title: 'Storage',
  view: lazy(() => import('./Storage.tsx')),
})

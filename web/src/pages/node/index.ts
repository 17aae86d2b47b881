import { lazy } from 'react'
import { definePage } from '../../app/page.ts'

export default definePage({
  path: '/node/:node',
  title: 'Node',
  view: lazy(() => import('./Node.tsx')),
})

import { lazy } from 'react'
import { definePage } from '../../app/page.ts'

export default definePage({
  path: '/guest/:vmid',
  title: 'Guest',
  view: lazy(() => import('./Guest.tsx')),
})

import { lazy } from 'react'
import { definePage } from '../../app/page.ts'

export default definePage({
  path: '/guest/:vmid/:tab?',
  title: 'Guest',
  view: lazy(() => import('./Guest.tsx')),
})

import { lazy } from 'react'
import { definePage } from '../../app/page.ts'
import '../../stores/setupToken.ts'

export default definePage({
  path: '/setup/:step?',
  title: 'Set-up',
  scope: 'app',
  alone: true,
  view: lazy(() => import('./Setup.tsx')),
})

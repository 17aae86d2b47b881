import { lazy } from 'react'
import { defineStep } from '../../step.ts'

export default defineStep({
  id: 'admin',
  order: 0,
  title: 'Your account',
  view: lazy(() => import('./Admin.tsx')),
})

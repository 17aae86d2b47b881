import { lazy } from 'react'
import { defineStep } from '../../step.ts'

export default defineStep({
  id: 'keyword',
  order: 20,
  title: 'Approval keyword',
  view: lazy(() => import('./Keyword.tsx')),
})

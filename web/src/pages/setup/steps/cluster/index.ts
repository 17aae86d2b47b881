import { lazy } from 'react'
import { defineStep } from '../../step.ts'

export default defineStep({
  id: 'cluster',
  order: 10,
  title: 'A cluster',
  view: lazy(() => import('./Cluster.tsx')),
})

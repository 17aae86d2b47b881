import { lazy } from 'react'
import { defineSection } from '../../section.ts'

export default defineSection({
  id: 'clusters',
  title: 'Clusters',
  order: 20,
  role: 'admin',
  view: lazy(() => import('./Clusters.tsx')),
})

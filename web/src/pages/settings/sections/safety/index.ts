import { lazy } from 'react'
import { defineSection } from '../../section.ts'

export default defineSection({
  id: 'safety',
  title: 'Safety',
  order: 25,
  role: 'operator',
  view: lazy(() => import('./Safety.tsx')),
})

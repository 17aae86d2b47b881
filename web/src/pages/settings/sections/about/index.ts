import { lazy } from 'react'
import { defineSection } from '../../section.ts'

export default defineSection({
  id: 'about',
  title: 'About',
  order: 90,
  view: lazy(() => import('./About.tsx')),
})

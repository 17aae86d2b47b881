import { lazy } from 'react'
import { defineSection } from '../../section.ts'

export default defineSection({
  id: 'wall',
  title: 'Wall displays',
  order: 30,
  role: 'admin',
  view: lazy(() => import('./Wall.tsx')),
})

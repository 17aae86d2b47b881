import { lazy } from 'react'
import { defineSection } from '../../section.ts'

export default defineSection({
  id: 'keys',
  title: 'API keys',
  order: 27,
  role: 'admin',
  view: lazy(() => import('./Keys.tsx')),
})

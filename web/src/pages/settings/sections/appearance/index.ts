import { lazy } from 'react'
import { defineSection } from '../../section.ts'

export default defineSection({
  id: 'appearance',
  title: 'Appearance',
  order: 40,
  view: lazy(() => import('./Appearance.tsx')),
})

import { lazy } from 'react'
import { defineSection } from '../../section.ts'

export default defineSection({
  id: 'users',
  title: 'Users',
  order: 10,
  role: 'admin',
  view: lazy(() => import('./Users.tsx')),
})

import { lazy } from 'react'
import { defineSection } from '../../section.ts'

export default defineSection({
  id: 'account',
  title: 'Account',
  order: 0,
  view: lazy(() => import('./Account.tsx')),
})

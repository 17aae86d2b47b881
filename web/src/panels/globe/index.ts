import { lazy } from 'react'
import { definePanel } from '../../app/panel.ts'

export default definePanel({
  id: 'globe',
  title: 'The cluster now',
  slot: 'centre',
  order: 1,
  view: lazy(() => import('./Globe.tsx')),
})

import { lazy } from 'react'
import { definePanel } from '../../app/panel.ts'

export default definePanel({
  id: 'trends',
  title: 'Trends',
  slot: 'centre',
  order: 2,
  view: lazy(() => import('./Trends.tsx')),
})

import { lazy } from 'react'
import { definePanel } from '../../app/panel.ts'

export default definePanel({
  id: 'heat',
  title: 'Every guest',
  slot: 'centre',
  order: 3,
  view: lazy(() => import('./Heat.tsx')),
})

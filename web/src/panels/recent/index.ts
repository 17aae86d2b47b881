import { lazy } from 'react'
import { definePanel } from '../../app/panel.ts'

export default definePanel({
  id: 'recent',
  title: 'Latest events',
  slot: 'right',
  order: 2,
  view: lazy(() => import('./Recent.tsx')),
})

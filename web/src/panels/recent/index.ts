import { lazy } from 'react'
import { definePanel } from '../../app/panel.ts'

export default definePanel({
  id: 'recent',
  title: 'Latest events',
  key: 'e',
  slot: 'right',
  order: 2,
  view: lazy(() => import('./Recent.tsx')),
})

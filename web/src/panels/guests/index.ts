import { lazy } from 'react'
import { definePanel } from '../../app/panel.ts'
import { useCount } from '../../stores/useCount.ts'

export default definePanel({
  id: 'guests',
  title: 'Guests',
  key: 'g',
  slot: 'left',
  order: 2,
  useCount: () => useCount('guests'),
  view: lazy(() => import('./Guests.tsx')),
})

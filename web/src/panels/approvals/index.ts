import { definePanel } from '../../app/panel.ts'
import { later } from '../../lib/later.ts'
import { useGate } from '../../stores/gate.ts'

export default definePanel({
  id: 'approvals',
  title: 'Approvals',
  key: 'a',
  slot: 'right',
  order: 0,
  role: 'operator',
  scrolls: true,
  useCount: () => useGate(({ waiting }) => waiting?.length ?? null),
  view: later(() => import('./Approvals.tsx')),
})

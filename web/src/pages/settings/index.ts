import { definePage } from '../../app/page.ts'
import { later } from '../../lib/later.ts'
import { sections } from './sections.ts'

export default definePage({
  path: '/settings/:section?',
  title: 'Settings',
  scope: 'app',
  palette: ['preferences', 'options', 'configuration'],
  places: sections.map(({ id, title, role }) => ({
    path: `/settings/${id}`,
    title: `Settings: ${title}`,
    ...(role ? { role } : {}),
  })),
  view: later(() => import('./Settings.tsx')),
})

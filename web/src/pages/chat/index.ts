import { definePage } from '../../app/page.ts'
import { later } from '../../lib/later.ts'

export default definePage({
  path: '/chat/:id?',
  title: 'Chat',
  scope: 'app',
  palette: ['ask', 'assistant', 'jarvis', 'talk', 'question'],
  places: [{ path: '/chat', title: 'Chat' }],
  view: later(() => import('./Chat.tsx')),
})

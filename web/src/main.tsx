import './theme/index.css'
import './ui/ui.css'
import './app/app.css'
import { start } from './hub/session.ts'
import { followVersion } from './hub/version.ts'
import { wear } from './stores/look.ts'

wear()
followVersion()
// The session is asked for while the screen is still on its way.
void start()
import('./app/mount.tsx').catch(() => {
  const words = document.querySelector('#root [role="status"]')
  if (words) words.textContent = 'The page did not come whole. Load it again.'
})

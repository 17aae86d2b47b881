import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './theme/index.css'
import './ui/ui.css'
import { App } from './app/App.tsx'
import { start } from './hub/session.ts'
import { followVersion } from './hub/version.ts'
import { wear } from './stores/look.ts'

wear()
followVersion()
void start()

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )

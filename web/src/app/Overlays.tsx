import { lazy, Suspense, useEffect } from 'react'
import { useOverlay } from '../stores/overlay.ts'
import { press } from './keys.ts'

const Palette = lazy(() => import('./palette/Palette.tsx'))
const KeyMap = lazy(() => import('./KeyMap.tsx'))

/** What the keyboard opens over the page. */
export function Overlays() {
  const open = useOverlay((overlay) => overlay.open)
  useEffect(() => {
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
  return (
    <Suspense fallback={null}>
      {open === 'palette' && <Palette />}
      {open === 'keys' && <KeyMap />}
    </Suspense>
  )
}

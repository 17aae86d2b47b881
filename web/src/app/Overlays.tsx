import { lazy, Suspense, useEffect } from 'react'
import { useOverlay } from '../stores/overlay.ts'
import { press } from './keys.ts'

const palette = () => import('./palette/Palette.tsx')
const Palette = lazy(palette)
const KeyMap = lazy(() => import('./KeyMap.tsx'))

/** What the keyboard opens over the page. */
export function Overlays() {
  const open = useOverlay((overlay) => overlay.open)
  useEffect(() => {
    // Whoever opens it types at once, so it has to be there already.
    void palette()
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

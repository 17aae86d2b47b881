import { type ComponentType, lazy, Suspense, useEffect, useState } from 'react'
import { useOverlay } from '../stores/overlay.ts'
import { press } from './keys.ts'

const KeyMap = lazy(() => import('./KeyMap.tsx'))

/** What the keyboard opens over the page. */
export function Overlays() {
  const open = useOverlay((overlay) => overlay.open)
  const [Palette, setPalette] = useState<ComponentType | null>(null)
  // Whoever opens it types at once, so it has to be there already.
  useEffect(() => void import('./palette/Palette.tsx').then((part) => setPalette(() => part.default)), [])
  useEffect(() => {
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
  return (
    <>
      {open === 'palette' && Palette && <Palette />}
      <Suspense fallback={null}>{open === 'keys' && <KeyMap />}</Suspense>
    </>
  )
}

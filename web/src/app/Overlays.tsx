import { type ComponentType, useEffect, useState } from 'react'
import { lay, type Overlay, useOverlay } from '../stores/overlay.ts'
import { Boundary } from '../ui/Boundary.tsx'
import { press } from './keys.ts'

const loads: Readonly<Record<Overlay, () => Promise<{ readonly default: ComponentType }>>> = {
  palette: () => import('./palette/Palette.tsx'),
  keys: () => import('./KeyMap.tsx'),
}

/** The overlay itself, fetched when it is first wanted; one that did not come is asked for again the next time. */
function useOverlayPart(name: Overlay, ahead: boolean): ComponentType | null {
  const open = useOverlay((overlay) => overlay.open === name)
  const [Part, setPart] = useState<ComponentType | null>(null)
  useEffect(() => {
    if (Part || !(open || ahead)) return
    loads[name]().then(
      (part) => setPart(() => part.default),
      () => {
        if (useOverlay.getState().open === name) lay(null)
      },
    )
  }, [Part, open, ahead, name])
  return open ? Part : null
}

/** What the keyboard opens over the page. */
export function Overlays() {
  // Whoever opens it types at once, so it has to be there already.
  const Palette = useOverlayPart('palette', true)
  const KeyMap = useOverlayPart('keys', false)
  useEffect(() => {
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
  return (
    <>
      <Over of={Palette} />
      <Over of={KeyMap} />
    </>
  )
}

const Over = ({ of: Part }: { of: ComponentType | null }) =>
  Part && (
    <Boundary name="What was opened" fallback={null}>
      <Part />
    </Boundary>
  )

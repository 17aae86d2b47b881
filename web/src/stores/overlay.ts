import { create } from 'zustand'

export type Overlay = 'palette' | 'keys'

interface Over {
  readonly open: Overlay | null
  /** What was typed since it was opened and before it was there to take it. */
  readonly typed: string
}

/** What lies over the page, one thing at a time. */
export const useOverlay = create<Over>(() => ({ open: null, typed: '' }))

export const lay = (open: Overlay | null): void => useOverlay.setState({ open, typed: '' })

/** Keeps what a key writes for an overlay that is still being fetched; false if the key writes nothing. */
export function typeAhead(key: string): boolean {
  const { typed } = useOverlay.getState()
  if (key === 'Backspace') useOverlay.setState({ typed: typed.slice(0, -1) })
  else if ([...key].length === 1) useOverlay.setState({ typed: typed + key })
  else return false
  return true
}

import { create } from 'zustand'

export type Overlay = 'palette' | 'keys'

/** What lies over the page, one thing at a time. */
export const useOverlay = create<{ readonly open: Overlay | null }>(() => ({ open: null }))

export const lay = (open: Overlay | null): void => useOverlay.setState({ open })

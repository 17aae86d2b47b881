import { create } from 'zustand'

/** What lies over the page, one thing at a time. */
export const useOverlay = create<{ readonly open: 'palette' | 'keys' | null }>(() => ({ open: null }))

export const lay = (open: 'palette' | 'keys' | null): void => useOverlay.setState({ open })

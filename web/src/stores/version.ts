import { create } from 'zustand'

/** Whether the server hands out a newer page than this one. */
export const useVersion = create<{ readonly newer: boolean }>(() => ({ newer: false }))

export const newer = (): void => useVersion.setState({ newer: true })

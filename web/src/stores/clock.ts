import { create } from 'zustand'

/** The time, moved once a second. */
export const useClock = create<{ readonly now: number }>(() => ({ now: Date.now() }))

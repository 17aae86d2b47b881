import { create } from 'zustand'

/** The last thing that only a screen reader has to be told, because others see it. */
export const useSpoken = create<{ readonly words: string }>(() => ({ words: '' }))

export const speak = (words: string): void => useSpoken.setState({ words })

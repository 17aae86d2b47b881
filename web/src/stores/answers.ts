import { create } from 'zustand'

/** Why there is no answer: the server's words and its stable code. */
export interface Refusal {
  readonly status: number
  readonly code: string
  readonly words: string
  /** Lines to paste on a node that would cure it. */
  readonly cure: readonly string[]
}

export interface Answer {
  readonly value: unknown
  readonly refusal: Refusal | null
  readonly busy: boolean
  readonly askedAt: number
}

/** What was asked of the server on demand, by its address. */
export const useAnswers = create<{ readonly all: Readonly<Record<string, Answer>> }>(() => ({ all: {} }))

const KEPT = 60

/** The one that was asked for longest ago makes room. */
export const setAnswer = (key: string, change: (old: Answer | undefined) => Answer): void =>
  useAnswers.setState(({ all }) => {
    const kept = Object.entries({ ...all, [key]: change(all[key]) })
    if (kept.length > KEPT) kept.sort(([, a], [, b]) => b.askedAt - a.askedAt)
    return { all: Object.fromEntries(kept.slice(0, KEPT)) }
  })

export const forgetAnswers = (): void => useAnswers.setState({ all: {} })

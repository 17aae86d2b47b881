import { create } from 'zustand'

export interface Check {
  readonly id: string
  readonly name: string
  readonly state: 'running' | 'good' | 'warn' | 'bad'
  readonly words: string
  /** How long it took, in milliseconds. */
  readonly took: number | null
}

/** What is looked at when the page opens; `over` once there is nothing more to wait for. */
export const useBoot = create<{ readonly checks: readonly Check[]; readonly over: boolean }>(() => ({
  checks: [],
  over: false,
}))

export const setCheck = (check: Check): void =>
  useBoot.setState(({ checks }) => ({
    checks: checks.some(({ id }) => id === check.id)
      ? checks.map((each) => (each.id === check.id ? check : each))
      : [...checks, check],
  }))

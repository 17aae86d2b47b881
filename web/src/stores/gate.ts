import { create } from 'zustand'
import type { ApprovalView, BreakGlassView, KillSwitchView } from '../contract/rest.gen.ts'

export type { ApprovalView }

/** What the safety gate says by itself: who waits for a person, and whether anything may be changed at all. */
export const useGate = create<{
  /** Null until they are known, and for who may not decide. */
  readonly waiting: readonly ApprovalView[] | null
  /** Why they could not be read. */
  readonly trouble: string | null
  readonly kill: KillSwitchView | null
  /** Who has broken the glass, as it was read last; a time that is over is for the clock to see. */
  readonly glasses: readonly BreakGlassView[]
}>(() => ({ waiting: null, trouble: null, kill: null, glasses: [] }))

export const useKilled = (): boolean => useGate((gate) => gate.kill?.active ?? false)

/** Those that can still be decided, the one that expires first on top. */
export const open = (waiting: readonly ApprovalView[], now: number): readonly ApprovalView[] =>
  waiting
    .filter(({ state, expiresAt }) => state === 'requested' && Date.parse(expiresAt) > now)
    .sort((a, b) => Date.parse(a.expiresAt) - Date.parse(b.expiresAt))

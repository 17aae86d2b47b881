import { create } from 'zustand'
import type { ApprovalView, CallOutcome, ShownPlan } from '../contract/rest.gen.ts'
import type { Step } from '../lib/report.ts'

/** Something that a person wants done, in words and as a call. */
export interface Wish {
  readonly title: string
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
}

/** What became of one; it is told in a toast, whose id this is. */
export interface Act {
  readonly id: string
  readonly title: string
  readonly outcome: CallOutcome | 'sent' | 'refused'
  /** What can be stopped by it; null before the server has said. */
  readonly auditId: string | null
  /** Why it was refused, failed or waits; while it runs, how far it is; at its end, what else came of it. */
  readonly why: string | null
  /** It ended well, and yet not all of it is so now. */
  readonly caution: boolean
  /** What became of each guest, where it was done to many. */
  readonly steps: readonly Step[]
  /** What would take it back, where a snapshot was made before. */
  readonly undo: Wish | null
}

/** The question that lies over the page: what to do with these guests, a person's own wish, a call that waits, or
 * whether the glass is to be broken. */
export type Question =
  | { readonly kind: 'guests'; readonly cluster: string; readonly vmids: readonly number[] }
  | { readonly kind: 'wish'; readonly wish: Wish; readonly plan: ShownPlan; readonly seen: string | null }
  | { readonly kind: 'approval'; readonly approval: ApprovalView }
  | { readonly kind: 'glass' }

export const useActs = create<{
  readonly all: ReadonlyMap<string, Act>
  readonly question: Question | null
}>(() => ({ all: new Map(), question: null }))

const KEPT = 50

export function setAct(act: Act): void {
  const all = new Map(useActs.getState().all).set(act.id, act)
  for (const id of all.keys()) if (all.size > KEPT) all.delete(id)
  useActs.setState({ all })
}

export const ask = (question: Question | null): void => useActs.setState({ question })

/** Asks about the call of this id, which waits. */
export const askAbout = (approval: ApprovalView): void => ask({ kind: 'approval', approval })

export const isOver = ({ outcome }: Act): boolean => outcome !== 'sent' && outcome !== 'running'

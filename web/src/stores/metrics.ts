import { create } from 'zustand'
import type { MetricsAnswer } from '../contract/rest.gen.ts'

export interface History {
  readonly metrics: MetricsAnswer | null
  readonly problem: string | null
  readonly askedAt: number
}

export const useMetrics = create<{ readonly all: Readonly<Record<string, History>> }>(() => ({ all: {} }))

export const metricsKey = (cluster: string, target: string, range: string): string =>
  `${cluster} ${target} ${range}`

const KEPT = 50

/** The one that was asked for longest ago makes room. */
export const setHistory = (key: string, change: (old: History | undefined) => History): void =>
  useMetrics.setState(({ all }) => {
    const kept = Object.entries({ ...all, [key]: change(all[key]) })
    if (kept.length <= KEPT) return { all: Object.fromEntries(kept) }
    const oldest = Math.min(...kept.filter(([k]) => k !== key).map(([, history]) => history.askedAt))
    return { all: Object.fromEntries(kept.filter(([k, history]) => k === key || history.askedAt > oldest)) }
  })

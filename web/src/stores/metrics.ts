import { create } from 'zustand'
import type { Metrics } from '../contract/rest.ts'

export interface History {
  readonly metrics: Metrics | null
  readonly problem: string | null
  readonly askedAt: number
}

export const useMetrics = create<{ readonly all: Readonly<Record<string, History>> }>(() => ({ all: {} }))

export const metricsKey = (cluster: string, target: string, range: string): string =>
  `${cluster} ${target} ${range}`

export const setHistory = (key: string, change: (old: History | undefined) => History): void =>
  useMetrics.setState(({ all }) => ({ all: { ...all, [key]: change(all[key]) } }))

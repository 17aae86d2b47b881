import { create } from 'zustand'

export interface Progress {
  readonly percent: number | null
  readonly line: string
}

const KEPT = 200

export const useProgress = create<{ readonly all: ReadonlyMap<string, Progress> }>(() => ({ all: new Map() }))

export const progressKey = (cluster: string, upid: string): string => `${cluster} ${upid}`

export function setProgress(cluster: string, upid: string, progress: Progress): void {
  const key = progressKey(cluster, upid)
  const next = new Map(useProgress.getState().all)
  next.delete(key)
  next.set(key, progress)
  const oldest = next.keys().next().value
  if (next.size > KEPT && oldest !== undefined) next.delete(oldest)
  useProgress.setState({ all: next })
}

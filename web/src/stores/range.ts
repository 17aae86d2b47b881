import { create } from 'zustand'
import { navigate, useLocation } from './location.ts'

export const ranges = ['hour', 'day', 'week', 'month', 'year'] as const
export type Range = (typeof ranges)[number]

const NAME = 'range'

function inAddress(): Range | null {
  const named = new URLSearchParams(location.search).get(NAME)
  return ranges.find((range) => range === named) ?? null
}

/** How far back the charts reach; it stays when another page is opened whose address names none. */
export const useRange = create<{ readonly range: Range }>(() => ({ range: inAddress() ?? 'hour' }))

useLocation.subscribe(() => {
  const range = inAddress()
  if (range !== null) useRange.setState({ range })
})

function at(range: Range): string {
  const there = new URL(location.href)
  there.searchParams.set(NAME, range)
  return there.href
}

/** Puts it into the address, so that it can be passed on, and the way back leads to the one before. */
export function chooseRange(range: Range): void {
  if (inAddress() === null) navigate(at(useRange.getState().range), true)
  navigate(at(range))
}

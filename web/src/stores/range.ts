import { create } from 'zustand'

export const ranges = ['hour', 'day', 'week', 'month', 'year'] as const
export type Range = (typeof ranges)[number]

/** How far back the charts reach; it stays when another page is opened. */
export const useRange = create<{ readonly range: Range }>(() => ({ range: 'hour' }))

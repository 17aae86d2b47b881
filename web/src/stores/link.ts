import { create } from 'zustand'

export interface Link {
  readonly status: 'connecting' | 'connected' | 'reconnecting'
  readonly attempt: number
  readonly lostAt: number | null
}

/** The connection to our own server. */
export const useLink = create<Link>(() => ({ status: 'connecting', attempt: 0, lostAt: null }))

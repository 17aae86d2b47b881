import { create } from 'zustand'

export interface Link {
  readonly status: 'connecting' | 'connected' | 'reconnecting'
  readonly attempt: number
  readonly lostAt: number | null
  /** What the server last refused, in its words; gone with the next connection. */
  readonly refusal: string | null
}

/** The connection to our own server. */
export const useLink = create<Link>(() => ({ status: 'connecting', attempt: 0, lostAt: null, refusal: null }))

import { create } from 'zustand'

export interface Session {
  readonly status: 'starting' | 'signedOut' | 'signedIn' | 'unreachable'
  readonly user: string | null
  readonly role: string | null
  /** True when a session that was in use ended by itself. */
  readonly expired: boolean
}

export const useSession = create<Session>(() => ({
  status: 'starting',
  user: null,
  role: null,
  expired: false,
}))

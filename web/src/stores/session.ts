import { create } from 'zustand'

export interface Session {
  readonly status: 'starting' | 'signedOut' | 'signedIn' | 'unreachable'
  readonly user: string | null
  readonly role: string | null
  /** The server has no memory and let its administrator in by the password file. */
  readonly emergency: boolean
  /** True when a session that was in use ended by itself. */
  readonly expired: boolean
}

export const useSession = create<Session>(() => ({
  status: 'starting',
  user: null,
  role: null,
  emergency: false,
  expired: false,
}))

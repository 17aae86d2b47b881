import { create } from 'zustand'
import type { Role } from '../contract/rest.gen.ts'

export type { Role }

export interface Session {
  readonly status: 'starting' | 'signedOut' | 'signedIn' | 'unreachable'
  readonly user: string | null
  readonly role: Role | null
  /** The server has no memory and let its administrator in by the password file. */
  readonly emergency: boolean
  /** A display that may only look. */
  readonly wall: boolean
  /** True when a session that was in use ended by itself. */
  readonly expired: boolean
  /** Why it ended, in the server's words. */
  readonly why: string | null
  /** Why the server could not say who is signed in, in its words; null when it was not reached at all. */
  readonly trouble: string | null
}

export const useSession = create<Session>(() => ({
  status: 'starting',
  user: null,
  role: null,
  emergency: false,
  wall: false,
  expired: false,
  why: null,
  trouble: null,
}))

const ranks: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 }

/** Whether somebody of this role may see what asks for `needed`; the server judges by itself. */
export const mayAs = (role: Role | null, needed: Role | undefined): boolean =>
  needed === undefined || (role !== null && ranks[role] >= ranks[needed])

export const useMay = (needed: Role | undefined): boolean =>
  useSession((session) => mayAs(session.role, needed))

import type { SignedIn } from '../contract/rest.gen.ts'
import { Problem, send } from './http.ts'

const NOTHING = 204

let access: { token: string; expiresAt: number; holder: string } | null = null
let refreshing: Promise<SignedIn | null> | null = null

let ended: string | null = null

/** Why the last session was refused, in the server's words; null when none was. */
export const whyEnded = (): string | null => ended

let renewed: (signedIn: SignedIn) => void = () => {}

/** The cookie is all tabs': whose it is now is told to `listener` at each renewal. */
export function onRenewed(listener: (signedIn: SignedIn) => void): void {
  renewed = listener
}

export async function accept(answer: Response): Promise<SignedIn> {
  const signedIn = (await answer.json()) as SignedIn
  const { accessToken: token, expiresIn, user, wall } = signedIn
  ended = null
  access = { token, expiresAt: Date.now() + expiresIn * 1_000, holder: `${user} ${wall}` }
  return signedIn
}

export const login = async (user: string, password: string): Promise<SignedIn> =>
  accept(
    await send('/api/auth/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, password }),
    }),
  )

export async function logout(): Promise<void> {
  await send('/api/auth/logout', { method: 'POST', headers: bearer() })
  access = null
}

// Browsers keep locks from pages that came over plain HTTP from another machine.
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const locks: LockManager | null | undefined = navigator.locks
  return locks ? locks.request('jarvis-refresh', work) : work()
}

/** Null when there is no session; tabs take turns because the cookie is replaced at each use. */
export function refresh(): Promise<SignedIn | null> {
  refreshing ??= (async () => {
    try {
      const signedIn = await inTurn(async () => {
        const answer = await send('/api/auth/refresh', { method: 'POST' })
        if (answer.status !== NOTHING) return accept(answer)
        access = null
        return null
      })
      if (signedIn) renewed(signedIn)
      return signedIn
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 401) throw problem
      ended = problem.message
      access = null
      return null
    } finally {
      refreshing = null
    }
  })()
  return refreshing
}

export const secondsLeft = (): number => (access ? (access.expiresAt - Date.now()) / 1_000 : 0)

/** Who asks; null without a session. */
export const holder = (): string | null => access?.holder ?? null

export const bearer = (): Record<string, string> =>
  access ? { authorization: `Bearer ${access.token}` } : {}

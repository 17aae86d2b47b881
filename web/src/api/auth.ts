import type { SignedIn } from '../contract/rest.gen.ts'
import { Problem, send } from './http.ts'

const NOTHING = 204

let access: { token: string; expiresAt: number } | null = null
let refreshing: Promise<SignedIn | null> | null = null

export async function accept(answer: Response): Promise<SignedIn> {
  const signedIn = (await answer.json()) as SignedIn
  access = { token: signedIn.accessToken, expiresAt: Date.now() + signedIn.expiresIn * 1_000 }
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
  const headers = bearer()
  access = null
  await send('/api/auth/logout', { method: 'POST', headers })
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
      return await inTurn(async () => {
        const answer = await send('/api/auth/refresh', { method: 'POST' })
        if (answer.status !== NOTHING) return accept(answer)
        access = null
        return null
      })
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 401) throw problem
      access = null
      return null
    } finally {
      refreshing = null
    }
  })()
  return refreshing
}

export const secondsLeft = (): number => (access ? (access.expiresAt - Date.now()) / 1_000 : 0)

export const bearer = (): Record<string, string> =>
  access ? { authorization: `Bearer ${access.token}` } : {}

import { login, logout, refresh, secondsLeft } from '../api/auth.ts'
import { Problem } from '../api/http.ts'
import { createAdmin } from '../api/setup.ts'
import { enterWall } from '../api/wall.ts'
import type { SignedIn } from '../contract/rest.gen.ts'
import { wait } from '../lib/wait.ts'
import { forgetAnswers } from '../stores/answers.ts'
import { useClusters } from '../stores/clusters.ts'
import { useEntries } from '../stores/entries.ts'
import { useEvents } from '../stores/events.ts'
import { useLink } from '../stores/link.ts'
import { useMetrics } from '../stores/metrics.ts'
import { useProgress } from '../stores/progress.ts'
import { useSession } from '../stores/session.ts'
import { useTrends } from '../stores/trends.ts'
import { useWall, wallToken } from '../stores/wall.ts'
import { startClock } from './clock.ts'
import { followCluster } from './cluster.ts'
import { followEvents } from './events.ts'

const REFRESH_AHEAD = 60
const TRY_AGAIN = 5_000
const THROTTLED = 60_000

let open: AbortController | null = null
let trying: AbortController | null = null

function begin({ user, role, emergency, wall = false }: SignedIn): void {
  open?.abort()
  open = new AbortController()
  const { signal } = open
  useSession.setState({ status: 'signedIn', user, role, emergency, wall, expired: false })
  void renew(signal)
  void followCluster(signal, ready)
  void followEvents(signal, ready)
}

/** What the next user of this screen must not find. */
function forget(): void {
  useClusters.setState({ all: {} })
  useEntries.setState({ list: null })
  useTrends.setState({ all: {} })
  useProgress.setState({ all: new Map() })
  useMetrics.setState({ all: {} })
  useEvents.setState({ feeds: {}, lastId: null })
  forgetAnswers()
}

function end(expired: boolean): void {
  open?.abort()
  open = null
  forget()
  useSession.setState({ status: 'signedOut', user: null, role: null, wall: false, expired })
}

/** True when there is a session to connect with; a refused refresh brings the sign-in. */
async function ready(refused: boolean): Promise<boolean> {
  if (!refused && secondsLeft() > REFRESH_AHEAD / 2) return true
  if (await refresh()) return true
  if (open) end(true)
  return false
}

async function renew(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await wait(Math.max(secondsLeft() - REFRESH_AHEAD, 5) * 1_000, signal)
    if (signal.aborted) return
    try {
      if (await refresh()) continue
      if (!signal.aborted) end(true)
    } catch {
      // Unreachable: the hubs say so, and the next round tries again.
    }
  }
}

/** Takes up the session that the cookie holds, if any; tries for as long as the server cannot be reached. */
export async function resume(): Promise<void> {
  trying?.abort()
  trying = new AbortController()
  const { signal } = trying
  useSession.setState({ status: 'starting' })
  while (!signal.aborted) {
    try {
      const signedIn = await refresh()
      if (signal.aborted) return
      if (signedIn) begin(signedIn)
      else end(false)
      return
    } catch {
      useSession.setState({ status: 'unreachable' })
      await wait(TRY_AGAIN, signal)
    }
  }
}

/** Lets a wall display in by its link; nobody stands before it to press a button, so it keeps trying. */
async function enter(token: string): Promise<void> {
  for (;;) {
    try {
      begin(await enterWall(token))
      return
    } catch (problem) {
      const status = problem instanceof Problem ? problem.status : 0
      if (problem instanceof Problem && status >= 400 && status < 429) {
        useWall.setState({ refusal: problem.message })
        return resume()
      }
      useSession.setState({ status: 'unreachable' })
      await wait(status === 429 ? THROTTLED : TRY_AGAIN, new AbortController().signal)
    }
  }
}

/** What the page does first: by the link of a wall display, else by the session that is there. */
export function start(): Promise<void> {
  startClock()
  return wallToken === null ? resume() : enter(wallToken)
}

export const signIn = async (user: string, password: string): Promise<void> =>
  begin(await login(user, password))

/** The first account of a new server, made and signed in at once. */
export const signUp = async (token: string, user: string, password: string): Promise<void> =>
  begin(await createAdmin(token, user, password))

export async function signOut(): Promise<void> {
  try {
    await logout()
  } catch {
    // The cookie still lives: saying that nobody is signed in would not be true.
    useLink.setState({ refusal: 'The server was not reached, so you are still signed in.' })
    return
  }
  end(false)
}

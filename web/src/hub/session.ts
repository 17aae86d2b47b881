import { login, logout, onRenewed, refresh, secondsLeft, whyEnded } from '../api/auth.ts'
import { Problem } from '../api/http.ts'
import { createAdmin } from '../api/setup.ts'
import { enterWall } from '../api/wall.ts'
import type { SignedIn } from '../contract/rest.gen.ts'
import { wait } from '../lib/wait.ts'
import { keepDraftsOf } from '../stores/drafts.ts'
import { useLink } from '../stores/link.ts'
import { navigate } from '../stores/location.ts'
import { useSession } from '../stores/session.ts'
import { useWall } from '../stores/wall.ts'
import { startClock } from './clock.ts'
import { forget } from './forget.ts'
import { followTabs, tellTabs } from './tabs.ts'

const REFRESH_AHEAD = 60
const TRY_AGAIN = 5_000
const THROTTLED = 60_000

let open: AbortController | null = null
let trying: AbortController | null = null
let unlisten = () => {}

/** Whether the session on screen is of somebody else, or of another rank. */
function isOther({ user, role, wall = false }: SignedIn): boolean {
  const now = useSession.getState()
  return now.user !== user || now.role !== role || now.wall !== wall
}

function begin(signedIn: SignedIn): void {
  const { user, role, emergency, wall = false } = signedIn
  open?.abort()
  open = new AbortController()
  const { signal } = open
  if (isOther(signedIn)) forget()
  keepDraftsOf(user)
  useLink.setState({ refusal: null })
  useSession.setState({
    status: 'signedIn',
    user,
    role,
    emergency,
    wall,
    expired: false,
    why: null,
    trouble: null,
  })
  void renew(signal)
  void goLive(signal)
}

/** What speaks with the hubs is fetched beside the screen, so that neither waits for the other. */
async function goLive(signal: AbortSignal): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      const { follow } = await import('./follow.ts')
      if (!signal.aborted) follow(signal, ready)
      return
    } catch {
      if (signal.aborted) return
      useLink.setState(({ lostAt }) => ({ status: 'reconnecting', attempt, lostAt: lostAt ?? Date.now() }))
      await wait(TRY_AGAIN, signal)
    }
  }
}

function end(expired: boolean): void {
  open?.abort()
  open = null
  forget()
  useLink.setState({ refusal: null })
  // Nobody can sign in at a display: what it shows instead is at its own address.
  if (useSession.getState().wall) navigate('/wall', true)
  useSession.setState({
    status: 'signedOut',
    user: null,
    role: null,
    wall: false,
    expired,
    why: expired ? whyEnded() : null,
    trouble: null,
  })
}

async function taken(signingIn: SignedIn | Promise<SignedIn>): Promise<void> {
  begin(await signingIn)
  tellTabs('signed in')
}

/** The cookie may have become somebody else's in another tab: then this screen is theirs, from the start. */
function renewed(signedIn: SignedIn): void {
  if (open && isOther(signedIn)) begin(signedIn)
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

const AWAY = [0, 502, 504]

/** Not being reached needs no words; whatever else is in the way has the server's own. */
function unreachable(problem: unknown): void {
  const trouble = problem instanceof Problem && !AWAY.includes(problem.status) ? problem.message : null
  useSession.setState({ status: 'unreachable', trouble })
}

/** Only the latest try goes on. */
function tryAnew(): AbortSignal {
  trying?.abort()
  trying = new AbortController()
  return trying.signal
}

/** Takes up the session that the cookie holds, if any; tries for as long as the server cannot be reached. */
export async function resume(): Promise<void> {
  const signal = tryAnew()
  useSession.setState({ status: 'starting', trouble: null })
  while (!signal.aborted) {
    try {
      const signedIn = await refresh()
      if (signal.aborted) return
      if (signedIn) begin(signedIn)
      // With a cookie there was one.
      else end(whyEnded() !== null)
      return
    } catch (problem) {
      if (signal.aborted) return
      unreachable(problem)
      await wait(TRY_AGAIN, signal)
    }
  }
}

/** A link that is refused stays so; too many at once is another matter. */
const isTurnedAway = (problem: unknown): problem is Problem =>
  problem instanceof Problem && problem.status >= 400 && problem.status < 429

/** Lets a wall display in by its link; nobody stands before it to press a button, so it keeps trying. */
async function enter(token: string): Promise<void> {
  const signal = tryAnew()
  while (!signal.aborted) {
    try {
      const signedIn = await enterWall(token)
      if (!signal.aborted) await taken(signedIn)
      return
    } catch (problem) {
      if (signal.aborted) return
      if (isTurnedAway(problem)) {
        useWall.setState({ refusal: problem.message })
        return resume()
      }
      unreachable(problem)
      const throttled = problem instanceof Problem && problem.status === 429
      await wait(throttled ? THROTTLED : TRY_AGAIN, signal)
    }
  }
}

/** What the page does first: by the link of a wall display, else by the session that is there. */
export function start(): Promise<void> {
  startClock()
  onRenewed(renewed)
  followTabs((word) => {
    const { status } = useSession.getState()
    if (word === 'signed out') return open ? end(false) : undefined
    if (status === 'signedOut') void resume()
    // Whose it is now is told to `renewed`; while the server is away the next round asks again.
    if (status === 'signedIn') refresh().catch(() => {})
  })
  unlisten()
  unlisten = useWall.subscribe(({ token }, before) => {
    if (token !== null && token !== before.token) void enter(token)
  })
  const { token } = useWall.getState()
  return token === null ? resume() : enter(token)
}

export const signIn = (user: string, password: string): Promise<void> => taken(login(user, password))

/** The first account of a new server, made and signed in at once. */
export const signUp = (token: string, user: string, password: string): Promise<void> =>
  taken(createAdmin(token, user, password))

export async function signOut(): Promise<void> {
  useLink.setState({ refusal: null })
  try {
    await logout()
  } catch (problem) {
    // The cookie still lives: saying that nobody is signed in would not be true.
    const words =
      problem instanceof Problem && !AWAY.includes(problem.status)
        ? `${problem.message.replace(/\.?$/, '.')} You are still signed in.`
        : 'The server was not reached, so you are still signed in.'
    useLink.setState({ refusal: words })
    return
  }
  tellTabs('signed out')
  end(false)
}

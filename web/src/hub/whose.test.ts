import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer, problem } from '../../tests/support/answers.ts'
import { view } from '../../tests/support/rows.ts'
import { refresh } from '../api/auth.ts'
import { setAnswer, useAnswers } from '../stores/answers.ts'
import { setCluster, useClusters } from '../stores/clusters.ts'
import { useLink } from '../stores/link.ts'
import { navigate, useLocation } from '../stores/location.ts'
import { fromView } from '../stores/merge.ts'
import { useSession } from '../stores/session.ts'
import { signIn, signOut, start } from './session.ts'

type Ready = (refused: boolean) => Promise<boolean>
const follow = vi.hoisted(() => ({ cluster: vi.fn(async (_signal: AbortSignal, _ready: Ready) => {}) }))
vi.mock('./cluster.ts', () => ({ followCluster: follow.cluster }))
vi.mock('./events.ts', () => ({ followEvents: async () => {} }))

const session = (user: string, role: string) => ({
  status: 200,
  body: { accessToken: user, expiresIn: 900, role, user, emergency: false, wall: false },
})

class Channel {
  static all: Channel[] = []
  static said: unknown[] = []
  onmessage: ((event: { data: unknown }) => void) | null = null
  constructor() {
    Channel.all.push(this)
  }
  postMessage = (word: unknown) => void Channel.said.push(word)
  close = () => {}
}

async function asAda(): Promise<void> {
  await start()
  await signIn('ada', 'secret')
  await vi.waitFor(() => expect(follow.cluster).toHaveBeenCalled())
  setCluster(fromView(view('lab', []), 1))
  setAnswer('sessions', () => ({ value: ['of ada'], refusal: null, busy: false, askedAt: 1 }))
}

beforeEach(() => {
  Channel.all = []
  Channel.said = []
  vi.stubGlobal('BroadcastChannel', Channel)
  follow.cluster.mockClear()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

it('a session that became another person’s in another tab begins anew as that person', async () => {
  answer({
    'POST /api/auth/refresh': [{ status: 204 }, session('bob', 'viewer')],
    'POST /api/auth/login': session('ada', 'admin'),
  })
  await asAda()
  follow.cluster.mockClear()
  Channel.all.at(-1)?.onmessage?.({ data: 'signed in' })
  await vi.waitFor(() => expect(useSession.getState()).toMatchObject({ user: 'bob', role: 'viewer' }))
  expect(useClusters.getState().all).toEqual({})
  expect(useAnswers.getState().all).toEqual({})
  await vi.waitFor(() => expect(follow.cluster).toHaveBeenCalledTimes(1))
})

it('the same person’s renewed session changes nothing', async () => {
  answer({
    'POST /api/auth/refresh': [{ status: 204 }, session('ada', 'admin')],
    'POST /api/auth/login': session('ada', 'admin'),
  })
  await asAda()
  follow.cluster.mockClear()
  await refresh()
  expect(Object.keys(useClusters.getState().all)).toEqual(['lab'])
  expect(follow.cluster).not.toHaveBeenCalled()
})

it('signing out is told to the other tabs, and a refusal to is told in the server’s words until it succeeds', async () => {
  answer({
    'POST /api/auth/refresh': { status: 204 },
    'POST /api/auth/login': session('ada', 'admin'),
    'POST /api/auth/logout': [problem(403, 'ORIGIN_REFUSED', 'Not from here.'), { status: 204 }],
  })
  await asAda()
  await signOut()
  expect(useLink.getState().refusal).toBe('Not from here. You are still signed in.')
  await signOut()
  expect(useSession.getState()).toMatchObject({ status: 'signedOut', user: null })
  expect(useLink.getState().refusal).toBeNull()
  expect(Channel.said).toEqual(['signed in', 'signed out'])
})

it('a session that was ended elsewhere says so where one signs in again, and keeps the page', async () => {
  answer({
    'POST /api/auth/refresh': [
      { status: 204 },
      problem(401, 'SESSION_ENDED', 'Revoked by bob. Sign in again.'),
    ],
    'POST /api/auth/login': session('ada', 'admin'),
  })
  navigate('/c/lab/feed', true)
  await asAda()
  const [, ready] = follow.cluster.mock.lastCall ?? []
  expect(await ready?.(true)).toBe(false)
  expect(useSession.getState()).toMatchObject({
    status: 'signedOut',
    expired: true,
    why: 'Revoked by bob. Sign in again.',
  })
  expect(useLocation.getState().path).toBe('/c/lab/feed')
})

it('a display that is shut out is told so at its own address, whatever it was opened under', async () => {
  const wall = { ...session('hall', 'viewer').body, wall: true }
  answer({
    'POST /api/auth/refresh': [{ status: 200, body: wall }, problem(401, 'SESSION_ENDED', 'Sign in again.')],
  })
  navigate('/c/lab', true)
  await start()
  await vi.waitFor(() => expect(follow.cluster).toHaveBeenCalled())
  const [, ready] = follow.cluster.mock.lastCall ?? []
  await ready?.(true)
  expect(useSession.getState()).toMatchObject({ status: 'signedOut', wall: false })
  expect(useLocation.getState().path).toBe('/wall')
})

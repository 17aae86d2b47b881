import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Problem } from '../api/http.ts'
import type { SignedIn } from '../contract/rest.gen.ts'
import { useLink } from '../stores/link.ts'
import { useSession } from '../stores/session.ts'
import { useWall } from '../stores/wall.ts'
import { resume, start } from './session.ts'

const api = vi.hoisted(() => ({ refresh: vi.fn(), enterWall: vi.fn() }))
const hub = vi.hoisted(() => ({ follow: vi.fn() }))

vi.mock('../api/auth.ts', async (original) => ({
  ...(await original<typeof import('../api/auth.ts')>()),
  refresh: api.refresh,
  secondsLeft: () => 900,
}))
vi.mock('../api/wall.ts', () => ({ enterWall: api.enterWall }))
vi.mock('./follow.ts', () => ({
  get follow() {
    return hub.follow()
  },
}))

const signedIn: SignedIn = {
  accessToken: 'a',
  expiresIn: 900,
  role: 'viewer',
  user: 'hall',
  emergency: false,
  wall: true,
}
const away = new Problem(0, { detail: 'The server cannot be reached' })

beforeEach(() => {
  vi.useFakeTimers()
  api.refresh.mockReset().mockResolvedValue(null)
  api.enterWall.mockReset()
  hub.follow.mockReset().mockReturnValue(() => {})
  useWall.setState({ token: 'of-the-link', refusal: null })
})

afterEach(() => {
  vi.useRealTimers()
})

it('a display is let in by its link', async () => {
  api.enterWall.mockResolvedValue(signedIn)
  await start()
  expect(api.enterWall).toHaveBeenCalledExactlyOnceWith('of-the-link')
  expect(useSession.getState()).toMatchObject({ status: 'signedIn', wall: true, role: 'viewer' })
})

it('a display keeps trying while the server cannot be reached', async () => {
  api.enterWall.mockRejectedValueOnce(away).mockRejectedValueOnce(away).mockResolvedValue(signedIn)
  const done = start()
  await vi.advanceTimersByTimeAsync(1)
  expect(useSession.getState().status).toBe('unreachable')
  await vi.advanceTimersByTimeAsync(11_000)
  await done
  expect(useSession.getState().status).toBe('signedIn')
})

it('a link that was taken back says so and is not tried again', async () => {
  api.enterWall.mockRejectedValue(
    new Problem(401, { code: 'WALL_TOKEN', detail: 'This link is no longer valid.' }),
  )
  await start()
  expect(api.enterWall).toHaveBeenCalledTimes(1)
  expect(useWall.getState().refusal).toBe('This link is no longer valid.')
  expect(useSession.getState().status).toBe('signedOut')
})

it('a page that was opened while the server was away goes on by itself', async () => {
  api.refresh.mockRejectedValueOnce(away).mockResolvedValue({ ...signedIn, wall: false })
  const done = resume()
  await vi.advanceTimersByTimeAsync(1)
  expect(useSession.getState().status).toBe('unreachable')
  await vi.advanceTimersByTimeAsync(6_000)
  await done
  expect(useSession.getState()).toMatchObject({ status: 'signedIn', wall: false })
})

it('what else is in the way is said in the server’s words', async () => {
  const words = 'Pages of http://other are not let in.'
  api.refresh.mockRejectedValueOnce(new Problem(403, { code: 'ORIGIN_REFUSED', detail: words }))
  const done = resume()
  await vi.advanceTimersByTimeAsync(1)
  expect(useSession.getState()).toMatchObject({ status: 'unreachable', trouble: words })
  await vi.advanceTimersByTimeAsync(6_000)
  await done
  expect(useSession.getState()).toMatchObject({ status: 'signedOut', trouble: null })
})

it('a link pasted into a display that is open lets it in', async () => {
  useWall.setState({ token: null })
  await start()
  expect(useSession.getState().status).toBe('signedOut')
  api.enterWall.mockResolvedValue(signedIn)
  useWall.setState({ token: 'pasted' })
  await vi.advanceTimersByTimeAsync(1)
  expect(api.enterWall).toHaveBeenCalledExactlyOnceWith('pasted')
  expect(useSession.getState()).toMatchObject({ status: 'signedIn', wall: true })
})

it('says that it is not connected while what connects it cannot be fetched, and tries again', async () => {
  const follow = vi.fn()
  hub.follow.mockImplementationOnce(() => {
    throw new TypeError('Failed to fetch dynamically imported module')
  })
  hub.follow.mockReturnValue(follow)
  api.refresh.mockResolvedValue({ ...signedIn, wall: false })
  await resume()
  await vi.waitFor(() => expect(useLink.getState().status).toBe('reconnecting'))
  expect(follow).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(6_000)
  expect(follow).toHaveBeenCalledOnce()
})

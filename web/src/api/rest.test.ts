import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { login, refresh } from './auth.ts'
import { Problem } from './http.ts'
import { events, metrics } from './rest.ts'

const asked: { url: string; token: string | null }[] = []
let answers: Record<string, (() => Response)[]> = {}

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const session = (token: string) => () =>
  json(200, { accessToken: token, expiresIn: 900, role: 'admin', user: 'admin' })
const refused = () =>
  json(401, { title: 'No', detail: 'The session is over', code: 'SESSION_ENDED', traceId: 't1' })

beforeEach(async () => {
  asked.length = 0
  answers = { '/api/auth/login': [session('first')] }
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push({ url, token: new Headers(init.headers).get('authorization') })
    const answer = answers[url.split('?')[0] ?? '']?.shift()
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError('connection refused'))
  })
  await login('admin', 'secret')
  asked.length = 0
})

afterEach(() => vi.unstubAllGlobals())

it('a refused token is renewed once and the question asked again', async () => {
  answers['/api/events'] = [refused, () => json(200, { items: [], next: null })]
  answers['/api/auth/refresh'] = [session('second')]
  await expect(events('lab', 'warning', 7)).resolves.toEqual({ items: [], next: null })
  expect(asked).toEqual([
    {
      url: '/api/events?limit=100&cluster=lab&general=true&severity=warning&before=7',
      token: 'Bearer first',
    },
    { url: '/api/auth/refresh', token: null },
    {
      url: '/api/events?limit=100&cluster=lab&general=true&severity=warning&before=7',
      token: 'Bearer second',
    },
  ])
})

it('without a session the refusal reaches the caller in the words of the server', async () => {
  answers['/api/events'] = [refused]
  answers['/api/auth/refresh'] = [refused]
  await expect(events('lab', null, null)).rejects.toMatchObject({
    message: 'The session is over',
    status: 401,
    code: 'SESSION_ENDED',
    traceId: 't1',
  })
})

it('a visitor without a session is asked to sign in, and nothing is sent for them', async () => {
  answers['/api/auth/refresh'] = [() => new Response(null, { status: 204 })]
  await expect(refresh()).resolves.toBeNull()
  answers['/api/events'] = [refused]
  answers['/api/auth/refresh'] = [() => new Response(null, { status: 204 })]
  await expect(events('lab', null, null)).rejects.toMatchObject({ status: 401 })
  expect(asked[1]?.token).toBeNull()
})

it('renewals asked for at once are one', async () => {
  answers['/api/auth/refresh'] = [session('second')]
  const [one, other] = await Promise.all([refresh(), refresh()])
  expect(one).toBe(other)
  expect(asked).toHaveLength(1)
})

it('a server that cannot be reached is no lost session', async () => {
  await expect(refresh()).rejects.toBeInstanceOf(Problem)
  await expect(metrics('a b', 'guest/100', 'hour')).rejects.toMatchObject({ status: 0 })
  expect(asked.at(-1)?.url).toBe('/api/clusters/a%20b/metrics/guest/100?range=hour')
})

it('an answer that is not JSON still says what happened', async () => {
  answers['/api/events'] = [
    () => new Response('<html>', { status: 502, headers: { 'content-type': 'text/html' } }),
  ]
  await expect(events('lab', null, null)).rejects.toMatchObject({
    message: 'The server answered 502',
    status: 502,
  })
})

it('what one person asked for is not asked again as another', async () => {
  answers['/api/events'] = [refused, () => json(200, { items: [], next: null })]
  answers['/api/auth/refresh'] = [
    () => json(200, { accessToken: 'second', expiresIn: 900, role: 'viewer', user: 'bob' }),
  ]
  await expect(events('lab', 'warning', null)).rejects.toMatchObject({ code: 'SESSION_ENDED' })
  expect(asked.map(({ url }) => url.split('?')[0])).toEqual(['/api/events', '/api/auth/refresh'])
})

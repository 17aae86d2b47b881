// @vitest-environment node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { beforeEach, expect, it, vi } from 'vitest'

const folder = join(import.meta.dirname, '../public')
const source = readFileSync(join(folder, 'sw.js'), 'utf8').replace(
  'const ASSETS = []',
  "const ASSETS = ['/assets/now-12345678.js']",
)

const origin = 'https://jarvis.example'
const kept = new Map<string, Response>()
const network = vi.fn<(request: Request | string) => Promise<Response>>()
const listeners = new Map<string, (event: unknown) => void>()

const pathOf = (request: Request | string) =>
  new URL(typeof request === 'string' ? request : request.url, origin).pathname
const cache = {
  match: async (request: Request | string) => kept.get(pathOf(request)),
  put: async (request: Request, answer: Response) => void kept.set(pathOf(request), answer),
  keys: async () => [...kept.keys()].map((path) => new Request(origin + path)),
  delete: async (request: Request) => kept.delete(pathOf(request)),
  addAll: async (requests: readonly Request[]) => {
    for (const request of requests) kept.set(pathOf(request), new Response('offline'))
  },
}

const clients = {
  claim: async () => {},
  matchAll: vi.fn<() => Promise<readonly unknown[]>>(),
  openWindow: vi.fn(),
}

/** A request as the worker sees it; undefined when it leaves it to the browser. */
async function ask(
  path: string,
  init: { mode?: string; method?: string } = {},
): Promise<Response | undefined> {
  let answer: Promise<Response> | undefined
  listeners.get('fetch')?.({
    request: { url: origin + path, method: 'GET', mode: 'cors', ...init },
    respondWith: (given: Promise<Response>) => {
      answer = given
    },
  })
  return answer
}

beforeEach(() => {
  kept.clear()
  network.mockReset()
  const answered = new Response('from the server')
  Object.defineProperty(answered, 'type', { value: 'basic' })
  network.mockResolvedValue(answered)
  runInNewContext(source, {
    self: {
      location: new URL(origin),
      addEventListener: (name: string, listener: (event: unknown) => void) => listeners.set(name, listener),
      clients,
      skipWaiting: async () => {},
    },
    caches: { open: async () => cache, match: cache.match, keys: async () => ['jarvis-1'] },
    fetch: network,
    URL,
    Request: class extends Request {
      constructor(path: string) {
        super(origin + path)
      }
    },
    Response,
  })
})

it.each(['/api/clusters', '/api/auth/refresh', '/hubs/cluster', '/metrics', '/openapi/v1.json'])(
  '%s is left to the browser and never kept',
  async (path) => {
    expect(await ask(path)).toBeUndefined()
    expect(await ask(path, { method: 'POST' })).toBeUndefined()
    expect(kept.size).toBe(0)
  },
)

it('a file that never changes is asked for once', async () => {
  expect(await (await ask('/assets/now-12345678.js'))?.text()).toBe('from the server')
  expect(await ask('/assets/now-12345678.js')).toBeDefined()
  expect(network).toHaveBeenCalledTimes(1)
})

it('the page itself always comes from the server, and without it a page says so', async () => {
  await (await ask('/c/home', { mode: 'navigate' }))?.text()
  expect(kept.size).toBe(0)
  kept.set('/offline.html', new Response('cannot be reached'))
  network.mockRejectedValue(new TypeError('Failed to fetch'))
  expect(await (await ask('/c/home', { mode: 'navigate' }))?.text()).toBe('cannot be reached')
})

it('a new version throws away what it does not name', async () => {
  kept.set('/assets/old-12345678.js', new Response(''))
  kept.set('/assets/now-12345678.js', new Response(''))
  let done: Promise<unknown> | undefined
  listeners.get('activate')?.({
    waitUntil: (work: Promise<unknown>) => {
      done = work
    },
  })
  await done
  expect([...kept.keys()]).toEqual(['/assets/now-12345678.js'])
})

it('a pressed notification leads to what it is about, in the page that is open or in a new one', async () => {
  const press = async () => {
    let done: Promise<unknown> | undefined
    listeners.get('notificationclick')?.({
      notification: { close: () => {}, data: { href: '/c/home/guest/101' } },
      waitUntil: (work: Promise<unknown>) => {
        done = work
      },
    })
    await done
  }
  const open = { focus: vi.fn(), postMessage: vi.fn() }
  clients.matchAll.mockResolvedValueOnce([open]).mockResolvedValueOnce([])
  await press()
  expect(open.focus).toHaveBeenCalledTimes(1)
  expect(open.postMessage).toHaveBeenCalledWith({ go: '/c/home/guest/101' })
  await press()
  expect(clients.openWindow).toHaveBeenCalledExactlyOnceWith('/c/home/guest/101')
})

it('the page without a server holds no inline script or style', () => {
  const html = readFileSync(join(folder, 'offline.html'), 'utf8')
  expect(html).toContain('Jarvis cannot be reached')
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/)
})

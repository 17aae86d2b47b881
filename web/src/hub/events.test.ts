import { beforeEach, expect, it, vi } from 'vitest'
import type { EventView } from '../contract/hubs.gen.ts'
import { feedKey, setFeed, useEvents } from '../stores/events.ts'
import { followEvents, loadEvents } from './events.ts'

const wire = vi.hoisted(() => ({
  handlers: new Map<string, (...args: never[]) => void>(),
  call: vi.fn(),
  connected: () => {},
}))

const page = vi.hoisted(() => ({ events: vi.fn() }))
vi.mock('../api/rest.ts', () => page)

vi.mock('./connect.ts', () => ({
  connect: () => ({
    on: (method: string, handler: (...args: never[]) => void) => wire.handlers.set(method, handler),
    call: wire.call,
    keep: (_signal: AbortSignal, watch: { connected(): void }) => {
      wire.connected = watch.connected
      return new Promise(() => {})
    },
  }),
}))

const event = (id: number): EventView => ({
  id,
  at: '2026-01-31T12:00:00Z',
  type: 'guest.started',
  severity: 'info',
  source: 'monitor',
  actor: null,
  cluster: 'a',
  node: null,
  target: null,
  summary: `event ${id}`,
  data: null,
  correlation: null,
})
const say = (method: string, ...args: unknown[]) => wire.handlers.get(method)?.(...(args as never[]))
const ids = () => useEvents.getState().feeds[feedKey('a', null)]?.items.map((each) => each.id)

beforeEach(() => {
  wire.call.mockReset()
  useEvents.setState({ feeds: {}, lastId: 10 })
  setFeed(feedKey('a', null), (feed) => ({ ...feed, status: 'idle' }))
  void followEvents(new AbortController().signal, () => Promise.resolve(true))
})

it('an event that follows the last one is simply shown', () => {
  say('Happened', event(11))
  expect(ids()).toEqual([11])
  expect(wire.call).not.toHaveBeenCalled()
  expect(useEvents.getState().lastId).toBe(11)
})

it('a gap is filled from the server, from the last event before it', async () => {
  wire.call.mockResolvedValue({ events: [event(11), event(12), event(13)], more: false })
  say('Happened', event(13))
  expect(wire.call).toHaveBeenCalledExactlyOnceWith('Since', 10)
  await vi.waitFor(() => expect(ids()).toEqual([13, 12, 11]))
  expect(useEvents.getState().lastId).toBe(13)
})

it('a catch-up that fails is tried again from the same place', async () => {
  vi.useFakeTimers()
  wire.call.mockRejectedValueOnce(new Error('gone')).mockResolvedValue({ events: [event(11)], more: false })
  wire.connected()
  await vi.advanceTimersByTimeAsync(10_000)
  vi.useRealTimers()
  expect(wire.call.mock.calls).toEqual([
    ['Since', 10],
    ['Since', 10],
  ])
  expect(ids()).toEqual([11])
})

it('what a page leaves out of other clusters and lesser severities was not missed for it', async () => {
  useEvents.setState({ lastId: null })
  page.events.mockResolvedValue({ items: [event(2)], next: null, newest: 90 })
  await loadEvents('a', 'error', false)
  say('Happened', event(91))
  expect(wire.call).not.toHaveBeenCalled()
  expect(ids()).toEqual([91])
})

it('a page tells no newer end than the first, from which nothing was missed', async () => {
  page.events.mockResolvedValue({ items: [event(2)], next: null, newest: 90 })
  await loadEvents('a', 'error', false)
  expect(useEvents.getState().lastId).toBe(10)
})

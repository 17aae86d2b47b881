import { beforeEach, expect, it, vi } from 'vitest'
import { delta, guest, header, numbers, view } from '../../tests/support/rows.ts'
import { useClusters } from '../stores/clusters.ts'
import { useEntries } from '../stores/entries.ts'
import { useTrends } from '../stores/trends.ts'
import { followCluster } from './cluster.ts'

const wire = vi.hoisted(() => ({
  handlers: new Map<string, (...args: never[]) => void>(),
  call: vi.fn(() => Promise.resolve()),
}))

vi.mock('./connect.ts', () => ({
  connect: () => ({
    on: (method: string, handler: (...args: never[]) => void) => wire.handlers.set(method, handler),
    call: wire.call,
    keep: () => new Promise(() => {}),
  }),
}))

const say = (method: string, ...args: unknown[]) => wire.handlers.get(method)?.(...(args as never[]))
const cluster = (key: string) => useClusters.getState().all[key]

beforeEach(() => {
  wire.call.mockClear()
  useClusters.setState({ all: {} })
  useTrends.setState({ all: {} })
  void followCluster(new AbortController().signal, () => Promise.resolve(true))
  say('Snapshot', view('a', [guest(100)]), 7)
})

it('applies the delta that follows', () => {
  say('Delta', 'a', 8, delta({ guestNumbers: numbers([100], 500) }))
  expect(cluster('a')?.guests.get(100)?.cpu).toBe(0.5)
  expect(wire.call).not.toHaveBeenCalled()
})

it('a large cluster is shown once the last of its guests came, and none of an older state among them', () => {
  say('Guests', 'a', 19, [guest(900)])
  say('Guests', 'a', 20, [guest(101), guest(102)])
  say('Guests', 'a', 20, [guest(103)])
  expect([...(cluster('a')?.guests.keys() ?? [])]).toEqual([100])
  say('Snapshot', view('a', [guest(104)]), 20)
  expect([...(cluster('a')?.guests.keys() ?? [])]).toEqual([101, 102, 103, 104])
  say('Snapshot', view('a', [guest(104)]), 20)
  expect([...(cluster('a')?.guests.keys() ?? [])]).toEqual([104])
})

it('asks once for everything when a delta is missing, and applies nothing until then', () => {
  say('Delta', 'a', 9, delta({ guestNumbers: numbers([100], 500) }))
  say('Delta', 'a', 10, delta({ guestNumbers: numbers([100], 600) }))
  expect(wire.call).toHaveBeenCalledExactlyOnceWith('Resync')
  expect(cluster('a')?.guests.get(100)?.cpu).toBe(0.1)
  say('Snapshot', view('a', [guest(100, { cpu: 0.6 })]), 10)
  say('Delta', 'a', 11, delta({ guestNumbers: numbers([100], 700) }))
  expect(cluster('a')?.guests.get(100)?.cpu).toBe(0.7)
})

it('drops what is older than what it has', () => {
  say('Delta', 'a', 7, delta({ removedGuests: [100] }))
  expect(cluster('a')?.guests.size).toBe(1)
  expect(wire.call).not.toHaveBeenCalled()
})

it('a heartbeat ahead of us twice means a loss', () => {
  say('Heartbeat', 'a', 8, '2026-01-31T12:00:00Z', null)
  expect(wire.call).not.toHaveBeenCalled()
  say('Heartbeat', 'a', 8, '2026-01-31T12:00:10Z', null)
  expect(wire.call).toHaveBeenCalledExactlyOnceWith('Resync')
})

it('a heartbeat tells of blindness and of its end', () => {
  say('Heartbeat', 'a', 7, '2026-01-31T12:00:00Z', '2026-01-31T11:59:00Z')
  expect(cluster('a')?.header.blindSince).toBe('2026-01-31T11:59:00Z')
  say('Heartbeat', 'a', 7, '2026-01-31T12:00:10Z', null)
  expect(cluster('a')?.header.blindSince).toBeNull()
})

it('two clusters with the same names and ids stay apart', () => {
  say('Snapshot', view('b', [guest(100, { name: 'other' })]), 3)
  say('Delta', 'b', 4, delta({ removedGuests: [100] }))
  expect(cluster('a')?.guests.get(100)?.name).toBe('guest-100')
  expect(cluster('b')?.guests.size).toBe(0)
})

it('what is no longer watched leaves the screen, and what was added is known before it was read', () => {
  say('Snapshot', view('b', [guest(100)]), 3)
  const entry = (key: string) => ({ key, name: key, paused: false, origin: 'added' })
  say('Clusters', [entry('b'), entry('c')])
  expect(Object.keys(useClusters.getState().all)).toEqual(['b'])
  expect(useEntries.getState().list?.map(({ key }) => key)).toEqual(['b', 'c'])
})

it('another cluster under the same key, put there unseen, begins with no past', () => {
  const past = () => useTrends.getState().all.a?.times.length
  const later = (observedAt: string | null, instance = 'one') => ({
    header: { ...header, observedAt, instance },
  })
  say('Snapshot', view('a', [guest(100)], later('2026-01-31T12:00:10Z')), 1)
  expect(past()).toBe(2)
  say('Snapshot', view('a', [], { nodes: [], ...later(null) }), 1)
  say('Snapshot', view('a', [guest(100)], later('2026-01-31T12:00:20Z')), 2)
  expect(past()).toBe(3)
  say('Snapshot', view('a', [guest(100)], later('2026-01-31T12:00:30Z', 'two')), 3)
  expect(past()).toBe(1)
})

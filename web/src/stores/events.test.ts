import { beforeEach, expect, it } from 'vitest'
import type { EventView, Severity } from '../contract/hubs.gen.ts'
import { feedKey, happened, join, setFeed, useEvents } from './events.ts'

const event = (id: number, cluster: string | null, severity: Severity = 'info'): EventView => ({
  id,
  at: '2026-01-31T12:00:00Z',
  type: 'guest.started',
  severity,
  source: 'monitor',
  actor: null,
  cluster,
  node: null,
  target: null,
  summary: `event ${id}`,
  data: null,
  correlation: null,
})

const ids = (cluster: string, severity: Severity | null = null) =>
  useEvents.getState().feeds[feedKey(cluster, severity)]?.items.map((each) => each.id)

beforeEach(() => {
  useEvents.setState({ feeds: {}, lastId: null })
  for (const cluster of ['east', 'west']) setFeed(feedKey(cluster, null), (feed) => feed)
  setFeed(feedKey('east', 'warning'), (feed) => feed)
})

it('an event reaches the feed of its cluster alone', () => {
  happened([event(1, 'east'), event(2, 'west')])
  expect(ids('east')).toEqual([1])
  expect(ids('west')).toEqual([2])
})

it('what belongs to no cluster reaches all', () => {
  happened([event(3, null)])
  expect(ids('east')).toEqual([3])
  expect(ids('west')).toEqual([3])
})

it('a filtered feed takes its severity and worse', () => {
  happened([event(1, 'east', 'info'), event(2, 'east', 'warning'), event(3, 'east', 'critical')])
  expect(ids('east', 'warning')).toEqual([3, 2])
})

it('replayed events are not doubled, and the newest id is kept to catch up from', () => {
  happened([event(4, 'east'), event(5, 'east')])
  happened([event(5, 'east'), event(6, 'east')])
  expect(ids('east')).toEqual([6, 5, 4])
  expect(useEvents.getState().lastId).toBe(6)
})

it('is bounded', () => {
  const many = Array.from({ length: 6_000 }, (_, i) => event(i, 'east'))
  expect(join(many, [])).toHaveLength(5_000)
  expect(join(many, [])[0]?.id).toBe(5_999)
})

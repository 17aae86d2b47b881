import { expect, it } from 'vitest'
import type { EventView, Severity } from '../contract/hubs.gen.ts'
import { alertsOf, type Troubles } from './alerts.ts'

const now = Date.parse('2026-01-31T12:00:00Z')
let id = 0

const event = (type: string, severity: Severity, change: Partial<EventView> = {}): EventView => ({
  id: ++id,
  at: '2026-01-31T11:59:50Z',
  type,
  severity,
  source: 'monitor',
  actor: null,
  cluster: 'a',
  node: null,
  target: null,
  summary: type,
  data: null,
  correlation: null,
  ...change,
})
const judge = (events: readonly EventView[], counts: Troubles = new Map()) =>
  alertsOf(events, counts, (key) => key.toUpperCase(), now)

it('routine and warnings need no eyes, errors do', () => {
  const { shown } = judge([
    event('guest.started', 'info'),
    event('guest.stopped', 'warning'),
    event('task.failed', 'error', { node: 'pve1' }),
  ])
  expect(shown).toMatchObject([{ text: 'task.failed', severity: 'error', about: 'A · pve1', count: 1 }])
})

it('many of one kind are one, with their number', () => {
  const counts: Troubles = new Map()
  const offline = (n: number) => event('node.offline', 'critical', { target: `node/pve${n}` })
  judge([offline(0)], counts)
  const { shown } = judge(
    Array.from({ length: 39 }, (_, i) => offline(i + 1)),
    counts,
  )
  expect(shown).toMatchObject([{ id: 'node.offline a', count: 40 }])
})

it('the same kind in another cluster is another', () => {
  const { shown } = judge([
    event('cluster.blind', 'critical'),
    event('cluster.blind', 'critical', { cluster: 'b' }),
  ])
  expect(shown.map((alert) => alert.id)).toEqual(['cluster.blind a', 'cluster.blind b'])
})

it('what is over is put away, once all of its kind are', () => {
  const counts: Troubles = new Map()
  const node = (type: string, severity: Severity, name: string) =>
    event(type, severity, { node: name, target: `node/${name}` })
  judge([node('node.offline', 'critical', 'pve1'), node('node.offline', 'critical', 'pve2')], counts)
  // The return of a third, of which nothing was said, puts away nothing.
  expect(judge([node('node.online', 'info', 'pve3')], counts)).toEqual({ shown: [], over: [] })
  const one = judge([node('node.online', 'info', 'pve2')], counts)
  expect(one.over).toEqual([])
  expect(one.shown).toMatchObject([{ about: 'A · pve1', count: 1 }])
  expect(judge([node('node.online', 'info', 'pve2')], counts).over).toEqual([])
  expect(judge([node('node.online', 'info', 'pve1')], counts).over).toEqual(['node.offline a'])
})

it('what a reconnect brings from before is left to the feed', () => {
  expect(judge([event('task.failed', 'error', { at: '2026-01-31T11:00:00Z' })]).shown).toEqual([])
})

it('leads to the guest or the node it is about', () => {
  const { shown } = judge([
    event('guest.ha', 'error', { node: 'pve1', target: 'guest/100' }),
    event('node.offline', 'critical', { node: 'pve 1', target: 'node/pve 1' }),
    event('cluster.blind', 'critical'),
    event('events.damaged', 'critical', { cluster: null }),
  ])
  expect(shown.map((alert) => alert.href)).toEqual(['/c/a/guest/100', '/c/a/node/pve%201', '/c/a/feed', null])
})

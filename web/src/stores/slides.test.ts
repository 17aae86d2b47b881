import { expect, it } from 'vitest'
import { guest, header, node, view } from '../../tests/support/rows.ts'
import type { EventView } from '../contract/hubs.gen.ts'
import { fromView } from './merge.ts'
import { slidesOf } from './slides.ts'

const now = Date.parse('2026-01-31T12:00:00Z')
const failed = (at: string): EventView => ({
  id: 1,
  at,
  type: 'task.failed',
  severity: 'error',
  source: 'monitor',
  actor: null,
  cluster: 'a',
  node: 'pve1',
  target: null,
  summary: 'Backup failed',
  data: null,
  correlation: null,
})

const cluster = (nodes = [node('pve1'), node('pve2')]) =>
  fromView(view('a', [guest(100)], { nodes, header }), 1)
const titles = (...given: Parameters<typeof slidesOf>) => slidesOf(...given).map((slide) => slide.title)

it('when all is well there is nothing to look at, only what is busiest', () => {
  expect(titles(cluster(), 'live', [], now)).toEqual(['Busiest nodes'])
})

it('what needs eyes comes first', () => {
  const [first] = slidesOf(cluster([node('pve1'), node('pve2', { status: 'offline' })]), 'live', [], now)
  expect(first?.title).toBe('To look at')
  expect(first?.rows[0]).toMatchObject({ title: 'Node pve2 is offline', state: 'critical' })
})

it('the hottest nodes come first, and no more than can be read from afar', () => {
  const nodes = Array.from({ length: 9 }, (_, i) => node(`n${i}`, { cpu: i / 20, memory: 0 }))
  const rows = slidesOf(cluster(nodes), 'live', [], now)[0]?.rows ?? []
  expect(rows.map((row) => row.id)).toEqual(['n8', 'n7', 'n6', 'n5', 'n4'])
})

it('an error of yesterday is history', () => {
  expect(titles(cluster(), 'live', [failed('2026-01-31T11:00:00Z')], now)).toContain('Errors of the last day')
  expect(titles(cluster(), 'live', [failed('2026-01-30T11:00:00Z')], now)).not.toContain(
    'Errors of the last day',
  )
})

it('without sight nothing measured is shown, and that is said', () => {
  const slides = slidesOf(fromView(view('a', []), 1), 'blind', [], Date.now())
  expect(slides.some(({ id }) => /nodes|storages/.test(id))).toBe(false)
  expect(slides[0]?.rows[0]?.title).toContain('Proxmox cannot be read')
})

it('errors that could not be read are told of', () => {
  const slides = slidesOf(fromView(view('a', []), 1), 'live', null, Date.now())
  expect(slides.flatMap(({ rows }) => rows.map(({ title }) => title))).toContain('Errors could not be read')
})

it('what a bar measures is named, and what is unknown is called so', () => {
  const nodes = [
    node('hot', { cpu: 0.9, memory: null }),
    node('full', { cpu: null, memory: 16 * 2 ** 30 }),
    node('mute', { cpu: null, memory: null }),
  ]
  const rows = slidesOf(cluster(nodes), 'live', [], now).find(({ id }) => id.endsWith('nodes'))?.rows
  expect(rows?.map(({ value, part }) => [value, part])).toEqual([
    ['CPU 90% · memory unknown', { of: 'CPU', fraction: 0.9 }],
    ['CPU unknown · memory 50%', { of: 'memory', fraction: 0.5 }],
    ['CPU unknown · memory unknown', null],
  ])
})

it('what the token has no right to see is told, not left out', () => {
  const access = { canSeeNodes: true, canSeeGuests: true, canSeeStorage: false, missing: [], cure: [] }
  const blinkered = fromView(view('a', [guest(100)], { header: { ...header, access } }), 1)
  const slide = slidesOf(blinkered, 'live', [], now).find(({ id }) => id.endsWith('storages'))
  expect(slide?.rows.map(({ title }) => title)).toEqual(['The token may not see storage'])
})

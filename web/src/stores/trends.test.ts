import { beforeEach, expect, it } from 'vitest'
import { guest, header, node, view } from '../../tests/support/rows.ts'
import { fromView } from './merge.ts'
import { record, totals, useTrends } from './trends.ts'

const at = (second: number, cpu: number | null, key = 'a') =>
  fromView(
    view(key, [guest(1), guest(2, { status: 'stopped', netIn: 9_999 })], {
      header: { ...header, observedAt: new Date(second * 1_000).toISOString() },
      nodes: [node('pve1', { cpu }), node('pve2', { status: 'offline', cpu: null, memory: null })],
    }),
    1,
  )

beforeEach(() => useTrends.setState({ all: {} }))

it('each observation is recorded once', () => {
  record(at(10, 0.5))
  record(at(10, 0.5))
  record(at(20, 0.7))
  expect(useTrends.getState().all.a?.nodes.get('pve1')?.cpu).toEqual([0.5, 0.7])
  expect(useTrends.getState().all.a?.times).toEqual([10, 20])
})

it('an offline node has gaps and weighs nothing in the whole', () => {
  record(at(10, 0.5))
  expect(useTrends.getState().all.a?.nodes.get('pve2')?.cpu).toEqual([null])
  expect(totals(at(10, 0.5))).toEqual({ cpu: 0.5, memory: 0.25 })
  expect(totals(at(10, null)).cpu).toBeNull()
})

it('counts the traffic of running guests only', () => {
  record(at(10, 0.5))
  expect(useTrends.getState().all.a?.total.netIn).toEqual([100])
})

it('keeps clusters apart and memory bounded', () => {
  for (let second = 1; second <= 500; second++) record(at(second, 0.1))
  record(at(1, 0.9, 'b'))
  expect(useTrends.getState().all.a?.times).toHaveLength(360)
  expect(useTrends.getState().all.a?.nodes.get('pve1')?.cpu).toHaveLength(60)
  expect(useTrends.getState().all.b?.total.cpu).toEqual([0.9])
})

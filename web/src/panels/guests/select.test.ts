import { expect, it } from 'vitest'
import { guest } from '../../../tests/support/rows.ts'
import { anything, choices, select } from './select.ts'

const all = [
  guest(101, { name: 'web-10', tags: ['prod'], cpu: 0.2 }),
  guest(102, { name: 'web-9', node: 'pve2', tags: ['test'], cpu: null }),
  guest(103, { name: 'db', type: 'container', status: 'stopped', cpu: 0 }),
  guest(104, { name: 'gone', missing: true, cpu: 0.9 }),
]
const ids = (wish: Partial<typeof anything>) =>
  select(new Map(all.map((row) => [row.vmid, row])), { ...anything, ...wish }).map((row) => row.vmid)

it('sorts names as people count', () => {
  expect(ids({})).toEqual([103, 104, 102, 101])
})

it('searches name, id, node and tag, every word of it', () => {
  expect(ids({ search: 'WEB' })).toEqual([102, 101])
  expect(ids({ search: '103' })).toEqual([103])
  expect(ids({ search: 'web pve2' })).toEqual([102])
  expect(ids({ search: 'prod' })).toEqual([101])
  expect(ids({ search: 'nothing' })).toEqual([])
})

it('filters by state, node, type and tag together', () => {
  expect(ids({ status: 'stopped' })).toEqual([103])
  expect(ids({ status: 'missing' })).toEqual([104])
  expect(ids({ node: 'pve2', type: 'vm' })).toEqual([102])
  expect(ids({ tag: 'prod', status: 'stopped' })).toEqual([])
})

it('a missing guest is not among the running', () => {
  expect(ids({ status: 'running' })).toEqual([102, 101])
})

it('sorts the unknown behind zero', () => {
  expect(ids({ sort: 'cpu' })).toEqual([104, 101, 103, 102])
})

it('offers what there is', () => {
  expect(choices(all)).toEqual({
    status: ['missing', 'running', 'stopped'],
    node: ['pve1', 'pve2'],
    tag: ['prod', 'test'],
  })
})

it('an order from before changes nothing but the work', () => {
  const guests = new Map(all.map((row) => [row.vmid, row]))
  const before = [guest(999), ...[...all].reverse()]
  expect(select(guests, anything, before)).toEqual(select(guests, anything))
})

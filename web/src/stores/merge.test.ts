import { describe, expect, it } from 'vitest'
import { delta, guest, header, many, node, numbers, view } from '../../tests/support/rows.ts'
import { applyDelta, fromView } from './merge.ts'

const big = () => fromView(view('a', many(5_000)), 1)
const fifty = Array.from({ length: 50 }, (_, i) => 100 + i * 100)

describe('a delta', () => {
  it('of 50 numbers among 5 000 guests replaces 50 rows and no other', () => {
    const old = big()
    const next = applyDelta(old, delta({ guestNumbers: numbers(fifty, 437) }), 2)
    const changed = [...next.guests.values()].filter((row) => row !== old.guests.get(row.vmid))
    expect(changed.map((row) => row.vmid)).toEqual(fifty)
    expect(next.guests.size).toBe(5_000)
  })

  it('scales columns and keeps -1 as unknown', () => {
    const next = applyDelta(big(), delta({ guestNumbers: numbers([100], 437) }), 2).guests.get(100)
    expect(next).toMatchObject({
      cpu: 0.437,
      memory: 2 ** 31,
      memoryHost: null,
      disk: null,
      netIn: 1_000,
      netOut: null,
    })
    expect(next?.diskRead).toBe(0)
  })

  it('without rows of a kind keeps the whole map of that kind', () => {
    const old = big()
    const next = applyDelta(old, delta({ nodes: [node('pve2', { status: 'offline', cpu: null })] }), 2)
    expect(next.guests).toBe(old.guests)
    expect(next.storages).toBe(old.storages)
    expect(next.nodes.get('pve1')).toBe(old.nodes.get('pve1'))
    expect(next.nodes.get('pve2')?.status).toBe('offline')
  })

  it('adds, replaces and removes rows', () => {
    const old = fromView(view('a', [guest(1), guest(2), guest(3)]), 1)
    const change = delta({ guests: [guest(2, { status: 'stopped' }), guest(4)], removedGuests: [3] })
    const next = applyDelta(old, change, 2)
    expect([...next.guests.keys()].sort()).toEqual([1, 2, 4])
    expect(next.guests.get(2)?.status).toBe('stopped')
    expect(next.guests.get(1)).toBe(old.guests.get(1))
  })

  it('ignores numbers of a guest that is not known', () => {
    const old = fromView(view('a', [guest(1)]), 1)
    expect([...applyDelta(old, delta({ guestNumbers: numbers([9], 1) }), 2).guests.keys()]).toEqual([1])
  })

  it('moves the time of observation even when nothing else changed', () => {
    const old = big()
    const next = applyDelta(old, delta({}), 2)
    expect(next.header).toEqual({ ...header, observedAt: '2026-01-31T12:00:10Z' })
    expect(next).toMatchObject({ sequence: 2 })
    expect(next.guests).toBe(old.guests)
  })
})

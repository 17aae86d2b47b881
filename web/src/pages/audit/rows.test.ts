import { expect, it } from 'vitest'
import { auditRow } from '../../../tests/support/calls.ts'
import { everything, filterOf, isCut, markOf } from './rows.ts'

it.each([
  [{ verdict: 'ALLOW_LOGGED', part: 'intent' }, 'allowed', 'good'],
  [{ verdict: 'DENY_KILL' }, 'refused', 'bad'],
  [{ verdict: 'NEEDS_HUMAN' }, 'waits', 'warn'],
  [{ verdict: 'KILL_ON', part: 'decision' }, 'decided', 'info'],
  [{ part: 'outcome', text: '{"outcome":"Completed","milliseconds":3}' }, 'completed', 'good'],
  [{ part: 'outcome', text: '{"outcome":"Failed","text":"It is locked."}' }, 'failed', 'bad'],
  [{ part: 'outcome', text: '{"outcome":"Unknown"}' }, 'not known', 'warn'],
  [{ part: 'reconciled', text: '{"outcome":"Failed"}' }, 'failed', 'bad'],
  [{ part: 'outcome', text: null }, 'ended', 'off'],
  [{ part: 'outcome', text: '{"outcome":' }, 'ended', 'off'],
] as const)('%o is marked as %s', (change, label, tone) => {
  expect(markOf(auditRow(1, change))).toMatchObject({ label, tone })
})

it('days are meant whole, where the person is', () => {
  const { from, until } = filterOf({ ...everything, from: '2026-03-01', until: '2026-03-01' })
  expect([from, until]).toEqual([new Date(2026, 2, 1).toISOString(), new Date(2026, 2, 2).toISOString()])
  expect(filterOf(everything)).toEqual(everything)
})

it('a file says in its last line that it does not hold all', () => {
  expect(isCut('{"seq":2}\n{"seq":1}\n{"next":1}\n')).toBe(true)
  expect(isCut('{"seq":2}\n{"seq":1}\n')).toBe(false)
  expect(isCut('')).toBe(false)
})

import { expect, it } from 'vitest'
import { tool } from '../../../../../tests/support/calls.ts'
import { aboutKey, blank, grantable, requestOf, sayGrant, withGrant } from './draft.ts'

const acting = withGrant({ ...blank, name: ' night ', role: 'operator', ceiling: 'yellow' }, 'stop_vm', 'lab')

it('a grant names each target once, by its kind', () => {
  const grants = acting.grants.map((grant) => ({ ...grant, guests: '101, 102 ,101', nodes: 'pve2' }))
  const at = (kind: string, id: string) => ({ cluster: 'lab', kind, id })
  expect(requestOf({ ...acting, grants })).toEqual({
    name: 'night',
    role: 'operator',
    ceiling: 'yellow',
    days: 90,
    grants: [{ tool: 'stop_vm', targets: [at('guest', '101'), at('guest', '102'), at('node', 'pve2')] }],
  })
})

it('what was filled in for an operator is not sent for a viewer', () => {
  expect(requestOf({ ...acting, role: 'viewer', days: '' })).toMatchObject({
    ceiling: 'green',
    grants: [],
    days: null,
  })
})

it('only what can be granted is offered', () => {
  const all = [tool('a', 'green', []), tool('b', 'yellow', []), tool('c', 'red', []), tool('d', 'orange', [])]
  expect(grantable(all).map(({ name }) => name)).toEqual(['b', 'c'])
})

it('a grant and a key are said in words', () => {
  const targets = [
    { cluster: 'lab', kind: 'guest' as const, id: '101' },
    { cluster: 'far', kind: 'node' as const, id: 'pve1' },
    { cluster: 'lab', kind: 'guest' as const, id: '102' },
  ]
  expect(sayGrant({ tool: 'stop_vm', targets }, (key) => key.toUpperCase())).toBe(
    'Stop VM on guest 101, guest 102 (LAB); node pve1 (FAR)',
  )
  const key = {
    id: '1',
    name: 'night',
    owner: 'ada',
    role: 'operator' as const,
    ceiling: 'yellow' as const,
    grants: [],
    createdAt: '2026-01-02T10:00:00Z',
    usedAt: null,
    expiresAt: '2026-02-02T10:00:00Z',
  }
  expect(aboutKey(key, Date.parse('2026-02-01T00:00:00Z'))).toMatch(
    /^made by ada .* never used · until 2026-02-02$/,
  )
  expect(aboutKey(key, Date.parse('2026-02-03T00:00:00Z'))).toMatch(/expired 2026-02-02$/)
})

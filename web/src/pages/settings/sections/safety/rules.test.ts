import { describe, expect, it } from 'vitest'
import type { Policy, PolicyView, TargetRule } from '../../../../contract/rest.gen.ts'
import { limited, limitIn } from './limits.ts'
import { adding, blank, fixedOf, removing, ruleOf, sayRule } from './rules.ts'

const rule = (change: Partial<TargetRule>): TargetRule => ({
  kind: 'guest',
  cluster: null,
  id: null,
  name: null,
  tag: null,
  pool: null,
  why: 'so',
  ...change,
})
const policy: Policy = {
  protected: [rule({ id: '101' })],
  twoPersons: [rule({ id: '101' })],
  writesPerHour: 30,
  writesPerIncident: 3,
  requestsPerMinute: 10,
  approvalMinutes: 5,
}

describe('a rule that was filled in', () => {
  it('names what it means by the one way that was chosen', () => {
    expect(
      ruleOf({ ...blank, by: 'tag', value: ' router ', cluster: 'lab', why: 'no net without it' }),
    ).toEqual(rule({ tag: 'router', cluster: 'lab', why: 'no net without it' }))
  })

  it('goes by name where the kind has no tag, and says where it stands when nobody says why', () => {
    expect(ruleOf({ ...blank, kind: 'node', by: 'tag', value: 'pve1' })).toEqual(
      rule({ kind: 'node', name: 'pve1', why: 'it is listed in the settings' }),
    )
  })
})

it.each([
  [rule({ id: '101' }), 'guest 101'],
  [rule({ name: 'router' }), 'guest router'],
  [rule({ id: '101', name: 'router' }), 'guest 101 called router'],
  [rule({ tag: 'infra', cluster: 'lab' }), 'guests with the tag infra, on The lab'],
  [rule({ pool: 'prod' }), 'guests in the pool prod'],
  [rule({ kind: 'node', id: 'pve1' }), 'node pve1'],
])('%o is said as %s', (one, words) => {
  expect(sayRule(one, (key) => `The ${key}`)).toBe(words)
})

it('a rule goes into its own list, once, and out of it alone', () => {
  const again = adding('protected', rule({ id: '101', why: 'another reason' }))(policy)
  expect(again.protected).toEqual([rule({ id: '101', why: 'another reason' })])
  expect(again.twoPersons).toEqual(policy.twoPersons)
  expect(removing('twoPersons', rule({ id: '101' }))(policy)).toEqual({ ...policy, twoPersons: [] })
  expect(removing('protected', rule({ id: '102' }))(policy)).toEqual(policy)
})

it('what Jarvis runs in is fixed among the protected alone', () => {
  const [own, one, two] = [rule({ id: '1' }), rule({ id: '2' }), rule({ id: '3' })]
  const view = {
    own: [own],
    configuredProtected: [one],
    configuredTwoPersons: [two],
  } as unknown as PolicyView
  expect(fixedOf(view, 'protected')).toEqual([
    [own, 'Jarvis itself'],
    [one, 'configuration'],
  ])
  expect(fixedOf(view, 'twoPersons')).toEqual([[two, 'configuration']])
})

it('a limit that is out of bounds is known by the server’s words', () => {
  expect(limitIn('approvalMinutes must be 1 to 60.')).toBe('approvalMinutes')
  expect(limitIn('Only a signed-in administrator sets the policy.')).toBeNull()
  expect(limited({ approvalMinutes: '7' })(policy)).toEqual({ ...policy, approvalMinutes: 7 })
})

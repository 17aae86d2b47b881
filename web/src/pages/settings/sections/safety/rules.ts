import type { Policy, PolicyView, TargetRule } from '../../../../contract/rest.gen.ts'

export type Kind = 'guest' | 'node' | 'storage'
export type By = 'id' | 'name' | 'tag' | 'pool'
/** Which list of the policy. */
export type List = 'protected' | 'twoPersons'

export const kinds: readonly Kind[] = ['guest', 'node', 'storage']

export const waysOf = (kind: Kind): readonly By[] =>
  kind === 'guest' ? ['id', 'name', 'tag', 'pool'] : ['name']

/** A rule as it is filled in. */
export interface Draft {
  readonly kind: Kind
  readonly by: By
  readonly value: string
  /** Empty for any. */
  readonly cluster: string
  readonly why: string
}

export const blank: Draft = { kind: 'guest', by: 'id', value: '', cluster: '', why: '' }

export function ruleOf({ kind, by, value, cluster, why }: Draft): TargetRule {
  const way = waysOf(kind).includes(by) ? by : 'name'
  const given = (which: By) => (which === way ? value.trim() : null)
  return {
    kind,
    cluster: cluster || null,
    id: given('id'),
    name: given('name'),
    tag: given('tag'),
    pool: given('pool'),
    why: why.trim() || 'it is listed in the settings',
  }
}

/** Which targets it means, as one would say it: "guests with the tag backup, on lab". */
export function sayRule(rule: TargetRule, nameOf: (cluster: string) => string): string {
  const { kind, id, name, tag, pool, cluster } = rule
  const one = id !== null || name !== null
  const parts = [
    one ? kind : `${kind}s`,
    id,
    name !== null && (id === null ? name : `called ${name}`),
    tag !== null && `with the tag ${tag}`,
    pool !== null && `in the pool ${pool}`,
  ].filter(Boolean)
  return `${parts.join(' ')}${cluster === null ? '' : `, on ${nameOf(cluster)}`}`
}

/** One rule as text, by which two are the same. */
export const keyOf = ({ kind, cluster, id, name, tag, pool }: TargetRule): string =>
  JSON.stringify([kind, cluster, id, name, tag, pool])

export const adding =
  (list: List, rule: TargetRule) =>
  (now: Policy): Policy => ({
    ...now,
    [list]: [...now[list].filter((each) => keyOf(each) !== keyOf(rule)), rule],
  })

export const removing =
  (list: List, rule: TargetRule) =>
  (now: Policy): Policy => ({ ...now, [list]: now[list].filter((each) => keyOf(each) !== keyOf(rule)) })

/** Those that nothing on this page changes, and why not. */
export const fixedOf = (
  { configuredProtected, configuredTwoPersons, own }: PolicyView,
  list: List,
): readonly (readonly [TargetRule, string])[] => {
  const configured = list === 'protected' ? configuredProtected : configuredTwoPersons
  return [
    ...(list === 'protected' ? own.map((rule) => [rule, 'Jarvis itself'] as const) : []),
    ...configured.map((rule) => [rule, 'configuration'] as const),
  ]
}

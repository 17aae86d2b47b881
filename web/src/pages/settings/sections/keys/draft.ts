import type { ApiKeyRequest, ApiKeyView, Grant, Target, ToolView } from '../../../../contract/rest.gen.ts'
import { day, moment } from '../../../../lib/format.ts'
import { sayTool } from '../../../../lib/tool.ts'

export type KeyRole = 'viewer' | 'operator'
export type Ceiling = 'green' | 'yellow'

/** A grant as it is filled in; several numbers or names with commas between. */
export interface GrantDraft {
  /** Tells one row from another. */
  readonly id: number
  readonly tool: string
  readonly cluster: string
  readonly guests: string
  readonly nodes: string
}

export interface KeyDraft {
  readonly name: string
  readonly role: KeyRole
  readonly ceiling: Ceiling
  /** Empty for ever. */
  readonly days: string
  readonly grants: readonly GrantDraft[]
}

export const blank: KeyDraft = { name: '', role: 'viewer', ceiling: 'green', days: '90', grants: [] }

const listed = (text: string): readonly string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))]

function targetsOf({ cluster, guests, nodes }: GrantDraft): readonly Target[] {
  const of = (kind: Target['kind'], ids: string) => listed(ids).map((id) => ({ cluster, kind, id }))
  return [...of('guest', guests), ...of('node', nodes)]
}

/** What is sent: a viewer's key reads, so it has neither ceiling nor grants of its own. */
export function requestOf({ name, role, ceiling, days, grants }: KeyDraft): ApiKeyRequest {
  const acts = role === 'operator'
  return {
    name: name.trim(),
    role,
    ceiling: acts ? ceiling : 'green',
    days: days === '' ? null : Number(days),
    grants: acts ? grants.map((grant) => ({ tool: grant.tool, targets: targetsOf(grant) })) : [],
  }
}

export const withGrant = (draft: KeyDraft, tool: string, cluster: string): KeyDraft => ({
  ...draft,
  grants: [
    ...draft.grants,
    { id: Math.max(0, ...draft.grants.map(({ id }) => id)) + 1, tool, cluster, guests: '', nodes: '' },
  ],
})

/** What the server lets be granted: reading needs no grant, and power over a host never has one. */
export const grantable = (tools: readonly ToolView[]): readonly ToolView[] =>
  tools.filter(({ tier }) => tier === 'yellow' || tier === 'red')

/** "Stop VM on guest 101, guest 102 (Lab)" */
export function sayGrant({ tool, targets }: Grant, nameOf: (cluster: string) => string): string {
  const of = (cluster: string) =>
    targets.filter((target) => target.cluster === cluster).map(({ kind, id }) => `${kind} ${id}`)
  const clusters = [...new Set(targets.map(({ cluster }) => cluster))]
  const parts = clusters.map((cluster) => `${of(cluster).join(', ')} (${nameOf(cluster)})`)
  return `${sayTool(tool)} on ${parts.join('; ')}`
}

export const aboutKey = ({ owner, createdAt, usedAt, expiresAt }: ApiKeyView, now: number): string =>
  [
    `made by ${owner} ${moment(createdAt)}`,
    usedAt === null ? 'never used' : `used ${moment(usedAt)}`,
    expiresAt === null
      ? 'does not expire'
      : Date.parse(expiresAt) > now
        ? `until ${day(expiresAt)}`
        : `expired ${day(expiresAt)}`,
  ].join(' · ')

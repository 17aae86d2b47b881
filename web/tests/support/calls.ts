import type { Tier } from '../../src/contract/hubs.gen.ts'
import type { ApprovalView, AuditRowView, ShownPlan, ToolView } from '../../src/contract/rest.gen.ts'

export const tool = (name: string, tier: Tier, takes: readonly string[]): ToolView => ({
  name,
  description: `${name}.`,
  tier,
  canBeRaised: false,
  readsOutsideText: true,
  snapshotFirst: false,
  hasPlan: tier !== 'green',
  timeoutSeconds: 60,
  schema: {
    type: 'object',
    properties: Object.fromEntries(takes.map((each) => [each, { type: 'string' }])),
    required: takes,
  },
})

export const plan = (change: Partial<ShownPlan> = {}): ShownPlan => ({
  tool: 'stop_vm',
  arguments: '{"guest":101}',
  tier: 'red',
  raisedBecause: null,
  summary: 'web (101) is stopped hard.',
  changes: [{ what: 'status', before: 'running', after: 'stopped' }],
  targets: [{ text: 'guest web (101)', effect: 'interrupts', holds: [] }],
  warnings: ['The plug is pulled.'],
  duration: null,
  undo: 'start it',
  askedAfterReading: [],
  modelSays: null,
  ...change,
})

export const approval = (change: Partial<ApprovalView> = {}): ApprovalView => ({
  id: 'one',
  state: 'requested',
  tool: 'stop_vm',
  tier: 'red',
  why: 'It interrupts.',
  keywordRequired: false,
  twoPersons: false,
  actor: 'mcp:hand',
  person: 'somebody',
  channel: 'mcp',
  plan: plan(),
  seen: 'digest',
  askedAt: new Date(Date.now()).toISOString(),
  expiresAt: new Date(Date.now() + 300_000).toISOString(),
  decidedAt: null,
  decidedBy: null,
  reason: null,
  auditId: 'audit',
  run: null,
  ...change,
})

export const auditRow = (seq: number, change: Partial<AuditRowView> = {}): AuditRowView => ({
  seq,
  id: `id-${seq}`,
  part: 'whole',
  at: '2026-01-31T12:00:00Z',
  kind: 'operator',
  actor: 'person:ann',
  channel: 'rest',
  tool: 'stop_vm',
  tier: 'red',
  verdict: 'ALLOW_LOGGED',
  digest: 'd',
  text: null,
  ...change,
})

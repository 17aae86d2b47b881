import type {
  ApprovalView,
  AuditPage,
  AuditVerification,
  CallAnswer,
  DecisionRequest,
  KillSwitchView,
  RunView,
  ToolView,
} from '../contract/rest.gen.ts'
import { path } from '../lib/match.ts'
import { request, text } from './request.ts'

/** The server answers within 15 s and lets what takes longer go on. */
const PATIENCE = 30_000

export interface Call {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
}

export const tools = (): Promise<readonly ToolView[]> => request('/api/tools')

/** What the call would do and whether it may; nothing is done. */
export const plan = ({ tool, args }: Call): Promise<CallAnswer> =>
  request('/api/tools/execute', { method: 'POST', body: { tool, args, dryRun: true }, patience: PATIENCE })

interface Sending {
  /** The person has read what it will do. */
  readonly confirmed: boolean
  /** What the plan that was read was about; the call is refused when that has changed. */
  readonly seen: string | null
  readonly once: string
}

export const execute = ({ tool, args }: Call, { confirmed, seen, once }: Sending): Promise<CallAnswer> =>
  request('/api/tools/execute', {
    method: 'POST',
    body: { tool, args, confirmed, ...(seen === null ? {} : { seen }) },
    patience: PATIENCE,
    once,
    follows: true,
  })

export const run = (auditId: string): Promise<CallAnswer> => request(path('api', 'tools', 'runs', auditId))

/** What runs now: one's own calls, and for operators those of all. */
export const runs = (): Promise<readonly RunView[]> => request('/api/tools/runs')

export const cancel = (auditId: string): Promise<unknown> =>
  request(path('api', 'tools', 'runs', auditId, 'cancel'), { method: 'POST' })

export const approvals = (all = false): Promise<readonly ApprovalView[]> =>
  request('/api/approvals', { query: { all } })

export const approval = (id: string): Promise<ApprovalView> => request(path('api', 'approvals', id))

/** Null when it was denied, as was asked. */
export const decide = (id: string, decision: Partial<DecisionRequest>): Promise<CallAnswer | null> =>
  request(path('api', 'approvals', id, 'decide'), {
    method: 'POST',
    body: decision,
    patience: PATIENCE,
    follows: true,
  })

export const killSwitch = (): Promise<KillSwitchView> => request('/api/monitor/killswitch')

export const setKillSwitch = (active: boolean): Promise<KillSwitchView> =>
  request('/api/monitor/killswitch', { method: 'PUT', body: { active } })

/** Which rows are meant: all that is not empty must fit. */
export interface AuditFilter {
  /** A part of who asked. */
  readonly actor: string
  readonly tool: string
  readonly verdict: string
  /** A part of the row's text. */
  readonly text: string
  /** Moments, the second no longer among them. */
  readonly from: string
  readonly until: string
}

const fitting = (filter: AuditFilter) =>
  Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, value || null]))

/** Rows from the newest on, or from before the one that is named. */
export const audit = (filter: AuditFilter, before: number | null): Promise<AuditPage> =>
  request('/api/audit', { query: { ...fitting(filter), before, limit: 100 } })

export const auditOf = (call: string): Promise<AuditPage> => request(path('api', 'audit', call))

/** All rows that fit as lines of JSON; a last line says where to go on when they are too many. */
export const exportAudit = (filter: AuditFilter): Promise<string> =>
  text('/api/audit/export', { query: fitting(filter), patience: 120_000 })

export const verifyAudit = (): Promise<AuditVerification> =>
  request('/api/audit/verify', { patience: 120_000 })

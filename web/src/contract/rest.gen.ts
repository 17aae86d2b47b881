// Generated from the endpoints' records by `make gen`. Do not edit.

import type { AccessView, ClusterOrigin, EventView, GuestStatus, GuestType, NodeStatus, StorageStatus, TaskView, Tier, ToolStatus, Usage } from './hubs.gen.ts'

export interface ApiKeyRequest {
  readonly name: string;
  readonly role: string;
  readonly ceiling: string;
  readonly grants: readonly Grant[] | null;
  readonly days: number | null;
}

export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly role: Role;
  readonly ceiling: Tier;
  readonly grants: readonly Grant[];
  readonly createdAt: string;
  readonly usedAt: string | null;
  readonly expiresAt: string | null;
}

export type ApprovalState = 'requested' | 'approved' | 'denied' | 'consumed' | 'expired' | 'unknown';

export interface ApprovalView {
  readonly id: string;
  readonly state: ApprovalState;
  readonly tool: string;
  readonly tier: Tier;
  readonly why: string;
  readonly keywordRequired: boolean;
  readonly twoPersons: boolean;
  readonly actor: string;
  readonly person: string | null;
  readonly channel: string;
  readonly plan: ShownPlan;
  readonly seen: string;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly decidedAt: string | null;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  readonly auditId: string;
  readonly run: string | null;
}

export interface AuditPage {
  readonly items: readonly AuditRowView[];
  readonly next: number | null;
}

export type AuditPart = 'whole' | 'intent' | 'outcome' | 'reconciled' | 'decision';

export interface AuditRowView {
  readonly seq: number;
  readonly id: string;
  readonly part: AuditPart;
  readonly at: string;
  readonly kind: string;
  readonly actor: string;
  readonly channel: string;
  readonly tool: string;
  readonly tier: Tier;
  readonly verdict: string;
  readonly digest: string;
  readonly text: string | null;
}

export interface AuditVerification {
  readonly whole: boolean;
  readonly rows: number;
  readonly firstBad: number | null;
  readonly why: string | null;
  readonly removed: number;
}

export interface BackupList {
  readonly items: readonly BackupView[];
  readonly unread: readonly UnreadStorage[];
}

export interface BackupView {
  readonly volume: string;
  readonly storage: string;
  readonly at: string | null;
  readonly bytes: number | null;
  readonly notes: string | null;
  readonly protected: boolean;
}

export interface BreakGlassRequest {
  readonly password: string;
  readonly reason: string;
}

export interface BreakGlassView {
  readonly user: string;
  readonly reason: string;
  readonly until: string;
  readonly yours: boolean;
}

export interface CallAnswer {
  readonly outcome: CallOutcome;
  readonly verdict: string;
  readonly auditId: string | null;
  readonly result: unknown;
  readonly handle: string | null;
  readonly upid: string | null;
  readonly snapshot: string | null;
  readonly why: string | null;
  readonly approval: ApprovalView | null;
  readonly progress: RunProgress | null;
  readonly plan: ShownPlan | null;
  readonly seen: string | null;
}

export type CallOutcome = 'completed' | 'failed' | 'running' | 'unknown' | 'waiting' | 'planned';

export interface Change {
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface ChatAnswer {
  readonly sessionId: string;
  readonly runId: string;
  readonly provider: string;
  readonly reasons: readonly string[];
  readonly text: string;
  readonly tools: readonly ChatToolLine[];
  readonly approvals: readonly string[];
  readonly proposals: readonly ChatProposal[];
  readonly usage: Usage | null;
  readonly unproven: string | null;
  readonly error: string | null;
}

export interface ChatConversation {
  readonly id: string;
  readonly lines: readonly ChatLine[];
  readonly runId: string | null;
}

export interface ChatDetails {
  readonly model: string | null;
  readonly reasons: readonly string[];
  readonly usage: Usage | null;
  readonly unproven: string | null;
  readonly proposals: readonly ChatProposal[];
  readonly error: string | null;
  readonly stopped: boolean;
}

export interface ChatLine {
  readonly number: number;
  readonly role: string;
  readonly text: string;
  readonly at: string;
  readonly provider: string | null;
  readonly tools: readonly ChatToolLine[];
  readonly details: ChatDetails | null;
}

export interface ChatProposal {
  readonly tool: string;
  readonly args: unknown;
}

export interface ChatProvider {
  readonly name: string;
  readonly model: string | null;
  readonly unready: string | null;
}

export interface ChatSession {
  readonly id: string;
  readonly title: string;
  readonly startedAt: string;
  readonly usedAt: string;
}

export interface ChatToolLine {
  readonly callId: string;
  readonly name: string;
  readonly args: unknown;
  readonly tier: Tier | null;
  readonly status: ToolStatus | null;
  readonly verdict: string | null;
  readonly isError: boolean;
  readonly summary: string | null;
  readonly auditId: string | null;
  readonly approvalId: string | null;
  readonly milliseconds: number | null;
}

export interface ClusterAnswer {
  readonly key: string;
  readonly name: string;
  readonly sequence: number;
  readonly observedAt: string | null;
  readonly blind: boolean;
  readonly blindSince: string | null;
  readonly trouble: string | null;
  readonly quorate: boolean | null;
  readonly version: string | null;
  readonly access: AccessView | null;
  readonly nodes: readonly NodeAnswer[];
  readonly guests: readonly GuestAnswer[];
  readonly storages: readonly StorageAnswer[];
}

export interface ClusterListing {
  readonly key: string;
  readonly name: string;
  readonly observedAt: string | null;
  readonly blind: boolean;
  readonly quorate: boolean | null;
  readonly nodes: number;
  readonly guests: number;
  readonly paused: boolean;
  readonly origin: ClusterOrigin;
}

export interface ClusterSettings {
  readonly key: string;
  readonly name: string;
  readonly origin: ClusterOrigin;
  readonly paused: boolean;
  readonly endpoints: readonly string[];
  readonly fingerprints: readonly string[];
  readonly tokenId: string | null;
  readonly cadenceSeconds: number;
}

export interface ConfigEntry {
  readonly key: string;
  readonly value: string;
}

export interface DecisionRequest {
  readonly decision: string;
  readonly keyword: string | null;
  readonly reason: string | null;
  readonly seen: string | null;
  readonly args: unknown;
}

export type Effect = 'reads' | 'adds' | 'changes' | 'interrupts' | 'removes';

export interface EventPageView {
  readonly items: readonly EventView[];
  readonly next: number | null;
  readonly newest: number;
}

export interface Grant {
  readonly tool: string;
  readonly targets: readonly Target[];
}

export interface GuestAnswer {
  readonly vmid: number;
  readonly name: string;
  readonly node: string;
  readonly type: GuestType;
  readonly status: GuestStatus;
  readonly cpu: number | null;
  readonly maxCpu: number | null;
  readonly memory: number | null;
  readonly maxMemory: number | null;
  readonly memoryHost: number | null;
  readonly disk: number | null;
  readonly maxDisk: number | null;
  readonly netIn: number | null;
  readonly netOut: number | null;
  readonly diskRead: number | null;
  readonly diskWrite: number | null;
  readonly uptime: number | null;
  readonly tags: readonly string[];
  readonly pool: string | null;
  readonly lock: string | null;
  readonly haState: string | null;
  readonly template: boolean;
  readonly missing: boolean;
}

export interface GuestConfig {
  readonly entries: readonly ConfigEntry[];
}

export interface GuestDetail {
  readonly cluster: string;
  readonly guest: GuestAnswer;
  readonly tasks: readonly TaskView[];
}

export interface HealthCheckView {
  readonly name: string;
  readonly status: HealthStatus;
  readonly description: string | null;
  readonly milliseconds: number;
}

export type HealthStatus = 'unhealthy' | 'degraded' | 'healthy';

export interface HealthView {
  readonly status: HealthStatus;
  readonly checkedAt: string;
  readonly checks: readonly HealthCheckView[];
}

export interface KeywordRequest {
  readonly password: string;
  readonly keyword: string | null;
}

export interface KeywordView {
  readonly set: boolean;
  readonly lockedUntil: string | null;
}

export interface KillSwitchView {
  readonly active: boolean;
  readonly by: string | null;
  readonly at: string | null;
}

export type Kind = 'guest' | 'node' | 'service' | 'storage' | 'volume' | 'path' | 'entity';

export interface MetricsAnswer {
  readonly cluster: string;
  readonly target: string;
  readonly range: string;
  readonly stepSeconds: number;
  readonly source: string;
  readonly times: readonly number[];
  readonly series: Readonly<Record<string, readonly (number | null)[]>>;
}

export interface NewApiKey {
  readonly key: ApiKeyView;
  readonly secret: string;
}

export interface NewWallToken {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

export interface NodeAnswer {
  readonly name: string;
  readonly online: boolean;
  readonly status: NodeStatus;
  readonly cpu: number | null;
  readonly maxCpu: number | null;
  readonly memory: number | null;
  readonly maxMemory: number | null;
  readonly rootUsed: number | null;
  readonly rootTotal: number | null;
  readonly uptime: number | null;
  readonly load: readonly number[] | null;
  readonly version: string | null;
  readonly kernel: string | null;
  readonly missing: boolean;
  readonly observedAt: string;
}

export interface NodeDetail {
  readonly cluster: string;
  readonly node: NodeAnswer;
  readonly guests: readonly GuestAnswer[];
  readonly storages: readonly StorageAnswer[];
  readonly tasks: readonly TaskView[];
}

export interface ObserverAnswer {
  readonly cluster: string;
  readonly calls: number;
  readonly failures: number;
  readonly bytes: number;
  readonly answerMilliseconds: number;
  readonly budgetPerMinute: number;
  readonly paths: readonly ObserverPath[];
}

export interface ObserverPath {
  readonly method: string;
  readonly path: string;
  readonly calls: number;
  readonly failures: number;
  readonly bytes: number;
  readonly meanMilliseconds: number;
  readonly maxMilliseconds: number;
}

export interface Policy {
  readonly protected: readonly TargetRule[];
  readonly twoPersons: readonly TargetRule[];
  readonly writesPerHour: number;
  readonly writesPerIncident: number;
  readonly requestsPerMinute: number;
  readonly approvalMinutes: number;
}

export interface PolicyView {
  readonly policy: Policy;
  readonly configuredProtected: readonly TargetRule[];
  readonly configuredTwoPersons: readonly TargetRule[];
  readonly own: readonly TargetRule[];
  readonly version: string;
  readonly by: string | null;
  readonly at: string | null;
}

export interface ProbeAnswer {
  readonly address: string;
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  readonly publiclyTrusted: boolean;
}

export type Role = 'viewer' | 'operator' | 'admin';

export interface RunProgress {
  readonly text: string;
  readonly share: number | null;
}

export interface RunView {
  readonly auditId: string;
  readonly tool: string;
  readonly targets: string;
  readonly tier: Tier;
  readonly actor: string;
  readonly mine: boolean;
  readonly at: string;
  readonly progress: RunProgress | null;
}

export interface SessionView {
  readonly id: string;
  readonly user: string;
  readonly startedAt: string;
  readonly seenAt: string;
  readonly expiresAt: string;
  readonly address: string;
  readonly agent: string;
  readonly current: boolean;
  readonly wall: boolean;
}

export interface SetupState {
  readonly needsAdmin: boolean;
  readonly offered: boolean;
  readonly steps: readonly SetupStepView[];
}

export interface SetupStepView {
  readonly id: string;
  readonly title: string;
  readonly done: boolean;
  readonly required: boolean;
}

export interface ShownPlan {
  readonly tool: string;
  readonly arguments: string;
  readonly tier: Tier;
  readonly raisedBecause: string | null;
  readonly summary: string;
  readonly changes: readonly Change[];
  readonly targets: readonly ShownTarget[];
  readonly warnings: readonly string[];
  readonly duration: string | null;
  readonly undo: string | null;
  readonly askedAfterReading: readonly string[];
  readonly modelSays: string | null;
}

export interface ShownTarget {
  readonly text: string;
  readonly effect: Effect;
  readonly holds: readonly string[];
}

export interface SignedIn {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly role: Role;
  readonly user: string;
  readonly emergency: boolean;
  readonly wall: boolean;
}

export interface SnapshotView {
  readonly name: string;
  readonly description: string | null;
  readonly at: string | null;
  readonly parent: string | null;
  readonly memory: boolean;
  readonly current: boolean;
}

export interface StorageAnswer {
  readonly id: string;
  readonly name: string;
  readonly node: string | null;
  readonly shared: boolean;
  readonly type: string;
  readonly used: number | null;
  readonly total: number | null;
  readonly active: boolean;
  readonly status: StorageStatus;
  readonly content: readonly string[];
  readonly missing: boolean;
}

export interface Target {
  readonly cluster: string;
  readonly kind: Kind;
  readonly id: string;
}

export interface TargetRule {
  readonly kind: Kind;
  readonly cluster: string | null;
  readonly id: string | null;
  readonly name: string | null;
  readonly tag: string | null;
  readonly pool: string | null;
  readonly why: string;
}

export interface TaskLog {
  readonly upid: string;
  readonly status: string | null;
  readonly exit: string | null;
  readonly lines: readonly string[];
  readonly next: number | null;
}

export interface TestAnswer {
  readonly name: string;
  readonly version: string;
  readonly tokenId: string;
  readonly quorate: boolean | null;
  readonly nodes: readonly TestNode[];
  readonly guests: number | null;
  readonly storages: number | null;
  readonly canSeeNodes: boolean;
  readonly canSeeGuests: boolean;
  readonly canSeeStorage: boolean;
  readonly missing: readonly string[];
  readonly cure: readonly string[];
}

export interface TestNode {
  readonly name: string;
  readonly address: string | null;
  readonly fingerprint: string | null;
  readonly online: boolean;
}

export interface ToolView {
  readonly name: string;
  readonly description: string;
  readonly tier: Tier;
  readonly canBeRaised: boolean;
  readonly readsOutsideText: boolean;
  readonly snapshotFirst: boolean;
  readonly hasPlan: boolean;
  readonly timeoutSeconds: number;
  readonly schema: unknown;
}

export interface UnreadStorage {
  readonly storage: string;
  readonly why: string;
}

export interface UserView {
  readonly name: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly passwordAt: string;
  readonly sessions: number;
  readonly seenAt: string | null;
  readonly you: boolean;
}

export interface VolumePage {
  readonly items: readonly VolumeView[];
  readonly more: boolean;
}

export interface VolumeView {
  readonly volume: string;
  readonly kind: string;
  readonly format: string | null;
  readonly bytes: number | null;
  readonly at: string | null;
  readonly vmid: number | null;
}

export interface WallTokenView {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly usedAt: string | null;
  readonly expiresAt: string | null;
}

export interface WhoAmI {
  readonly user: string;
  readonly role: Role;
  readonly session: string;
  readonly expiresAt: string;
  readonly emergency: boolean;
  readonly wall: boolean;
}

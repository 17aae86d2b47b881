// Generated from src/Server/Hubs by `make gen`. Do not edit.

export interface ChatHub {
  Send(request: ChatRequest): Promise<ChatBegun>;
  Attach(runId: string, cursor: number): Promise<boolean>;
  Cancel(runId: string): Promise<boolean>;
}

export interface ChatClient {
  Told(told: RunEvent): void;
  Changed(change: ChatChange): void;
  Failed(code: string, message: string, traceId: string): void;
}

export interface ClusterHub {
  Subscribe(cluster: string | null, scope: string): Promise<void>;
  Resync(): Promise<void>;
}

export interface ClusterClient {
  Clusters(clusters: readonly ClusterEntry[]): void;
  Guests(cluster: string, sequence: number, guests: readonly GuestView[]): void;
  Snapshot(view: ClusterView, sequence: number): void;
  Delta(cluster: string, sequence: number, delta: ClusterDelta): void;
  Heartbeat(cluster: string, sequence: number, serverTime: string, blindSince: string | null): void;
  TaskProgress(cluster: string, upid: string, percent: number | null, line: string): void;
  Failed(code: string, message: string, traceId: string): void;
}

export interface EventsHub {
  Since(eventId: number): Promise<MissedEvents>;
}

export interface EventsClient {
  Happened(happened: EventView): void;
  Failed(code: string, message: string, traceId: string): void;
}

export interface AccessView {
  readonly canSeeNodes: boolean;
  readonly canSeeGuests: boolean;
  readonly canSeeStorage: boolean;
  readonly missing: readonly string[];
  readonly cure: readonly string[];
}

export interface ApprovalNeeded {
  readonly $type: 'approvalNeeded';
  readonly callId: string;
  readonly approvalId: string;
  readonly tool: string;
  readonly tier: Tier;
  readonly keywordRequired: boolean;
  readonly summary: string;
  readonly expiresAt: string;
}

export interface Begun {
  readonly $type: 'begun';
  readonly sessionId: string;
}

export interface ChatBegun {
  readonly sessionId: string | null;
  readonly runId: string | null;
  readonly refusal: string | null;
}

export interface ChatChange {
  readonly kind: ChatChangeKind;
  readonly sessionId: string;
  readonly runId: string | null;
}

export type ChatChangeKind = 'started' | 'ended' | 'added' | 'renamed' | 'deleted';

export interface ChatRequest {
  readonly message: string;
  readonly sessionId: string | null;
  readonly provider: string | null;
  readonly from: number | null;
}

export interface ClusterDelta {
  readonly header: ClusterHeader | null;
  readonly observedAt: string | null;
  readonly nodes: readonly NodeView[] | null;
  readonly guests: readonly GuestView[] | null;
  readonly guestNumbers: GuestNumbers | null;
  readonly storages: readonly StorageView[] | null;
  readonly tasks: readonly TaskView[] | null;
  readonly removedNodes: readonly string[] | null;
  readonly removedGuests: readonly number[] | null;
  readonly removedStorages: readonly string[] | null;
  readonly removedTasks: readonly string[] | null;
}

export interface ClusterEntry {
  readonly key: string;
  readonly name: string;
  readonly paused: boolean;
  readonly origin: ClusterOrigin;
}

export interface ClusterHeader {
  readonly name: string;
  readonly instance: string;
  readonly observedAt: string | null;
  readonly blindSince: string | null;
  readonly trouble: string | null;
  readonly quorate: boolean | null;
  readonly version: string | null;
  readonly access: AccessView | null;
  readonly observer: ObserverView | null;
  readonly cadenceSeconds: number;
}

export type ClusterOrigin = 'configuration' | 'added' | 'demo';

export interface ClusterView {
  readonly key: string;
  readonly header: ClusterHeader;
  readonly nodes: readonly NodeView[];
  readonly guests: readonly GuestView[];
  readonly storages: readonly StorageView[];
  readonly tasks: readonly TaskView[];
}

export interface EventView {
  readonly id: number;
  readonly at: string;
  readonly type: string;
  readonly severity: Severity;
  readonly source: Source;
  readonly actor: string | null;
  readonly cluster: string | null;
  readonly node: string | null;
  readonly target: string | null;
  readonly summary: string;
  readonly data: unknown;
  readonly correlation: string | null;
}

export interface Failed {
  readonly $type: 'failed';
  readonly code: string;
  readonly message: string;
}

export interface Finished {
  readonly $type: 'finished';
  readonly reason: string;
}

export interface GuestNumbers {
  readonly vmids: readonly number[];
  readonly cpu: readonly number[];
  readonly memory: readonly number[];
  readonly memoryHost: readonly number[];
  readonly disk: readonly number[];
  readonly netIn: readonly number[];
  readonly netOut: readonly number[];
  readonly diskRead: readonly number[];
  readonly diskWrite: readonly number[];
}

export type GuestStatus = 'running' | 'stopped' | 'paused' | 'suspended' | 'unknown';

export type GuestType = 'vm' | 'container';

export interface GuestView {
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
  readonly startedAt: string | null;
  readonly tags: readonly string[];
  readonly pool: string | null;
  readonly lock: string | null;
  readonly haState: string | null;
  readonly template: boolean;
  readonly missing: boolean;
}

export interface MissedEvents {
  readonly events: readonly EventView[];
  readonly more: boolean;
}

export type NodeStatus = 'online' | 'offline' | 'unknown';

export interface NodeView {
  readonly name: string;
  readonly status: NodeStatus;
  readonly cpu: number | null;
  readonly maxCpu: number | null;
  readonly memory: number | null;
  readonly maxMemory: number | null;
  readonly swap: number | null;
  readonly maxSwap: number | null;
  readonly rootUsed: number | null;
  readonly rootTotal: number | null;
  readonly ioWait: number | null;
  readonly load: readonly number[] | null;
  readonly startedAt: string | null;
  readonly version: string | null;
  readonly kernel: string | null;
  readonly cpuModel: string | null;
  readonly missing: boolean;
  readonly observedAt: string;
}

export interface ObserverView {
  readonly callsPerMinute: number;
  readonly bytesPerMinute: number;
  readonly answerMilliseconds: number | null;
  readonly endpoint: string | null;
}

export interface Proposed {
  readonly $type: 'proposed';
  readonly tool: string;
  readonly args: unknown;
}

export interface Routed {
  readonly $type: 'routed';
  readonly provider: string;
  readonly model: string | null;
  readonly reasons: readonly string[];
}

export interface RunEvent {
  readonly runId: string;
  readonly cursor: number;
  readonly happened: TurnEvent;
}

export type Severity = 'info' | 'warning' | 'error' | 'critical';

export type Source = 'monitor' | 'user' | 'assistant' | 'system' | 'mcp';

export type StorageStatus = 'available' | 'unavailable' | 'unknown';

export interface StorageView {
  readonly id: string;
  readonly name: string;
  readonly node: string | null;
  readonly shared: boolean;
  readonly type: string;
  readonly status: StorageStatus;
  readonly content: readonly string[];
  readonly used: number | null;
  readonly total: number | null;
  readonly missing: boolean;
}

export type TaskState = 'running' | 'ok' | 'warning' | 'failed' | 'unknown';

export interface TaskView {
  readonly upid: string;
  readonly node: string;
  readonly type: string;
  readonly target: string;
  readonly user: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly state: TaskState;
  readonly exitStatus: string | null;
}

export type Tier = 'green' | 'yellow' | 'orange' | 'red' | 'black';

export interface Token {
  readonly $type: 'token';
  readonly text: string;
}

export interface ToolFinished {
  readonly $type: 'toolFinished';
  readonly callId: string;
  readonly tool: string;
  readonly status: ToolStatus;
  readonly verdict: string;
  readonly isError: boolean;
  readonly summary: string | null;
  readonly auditId: string;
  readonly milliseconds: number;
}

export interface ToolProgress {
  readonly $type: 'toolProgress';
  readonly callId: string;
  readonly text: string;
  readonly share: number | null;
}

export interface ToolStarted {
  readonly $type: 'toolStarted';
  readonly callId: string;
  readonly tool: string;
  readonly args: unknown;
  readonly tier: Tier | null;
}

export type ToolStatus = 'completed' | 'failed' | 'refused' | 'awaitingApproval' | 'running' | 'unknown';

export type TurnEvent = Begun | Routed | Token | ToolStarted | ToolProgress | ToolFinished | ApprovalNeeded | Proposed | Unproven | Usage | Finished | Failed;

export interface Unproven {
  readonly $type: 'unproven';
  readonly sentence: string;
}

export interface Usage {
  readonly $type: 'usage';
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
  readonly leftMicros: number | null;
}

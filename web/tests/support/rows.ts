import type {
  ClusterDelta,
  ClusterHeader,
  ClusterView,
  GuestNumbers,
  GuestView,
  NodeView,
} from '../../src/contract/hubs.gen.ts'

export const header: ClusterHeader = {
  instance: 'one',
  name: 'Lab',
  observedAt: '2026-01-31T12:00:00Z',
  blindSince: null,
  trouble: null,
  quorate: true,
  version: '9.1',
  access: { canSeeNodes: true, canSeeGuests: true, canSeeStorage: true, missing: [], cure: [] },
  observer: null,
  cadenceSeconds: 10,
}

export const node = (name: string, change: Partial<NodeView> = {}): NodeView => ({
  name,
  status: 'online',
  cpu: 0.25,
  maxCpu: 8,
  memory: 8 * 2 ** 30,
  maxMemory: 32 * 2 ** 30,
  swap: null,
  maxSwap: null,
  rootUsed: null,
  rootTotal: null,
  ioWait: null,
  load: null,
  startedAt: null,
  version: null,
  kernel: null,
  cpuModel: null,
  missing: false,
  observedAt: '2026-01-31T12:00:00Z',
  ...change,
})

export const guest = (vmid: number, change: Partial<GuestView> = {}): GuestView => ({
  vmid,
  name: `guest-${vmid}`,
  node: 'pve1',
  type: 'vm',
  status: 'running',
  cpu: 0.1,
  maxCpu: 2,
  memory: 2 ** 30,
  maxMemory: 4 * 2 ** 30,
  memoryHost: null,
  disk: null,
  maxDisk: null,
  netIn: 100,
  netOut: 50,
  diskRead: 0,
  diskWrite: 0,
  startedAt: null,
  tags: [],
  pool: null,
  lock: null,
  haState: null,
  template: false,
  missing: false,
  ...change,
})

export const view = (
  key: string,
  guests: readonly GuestView[],
  change: Partial<ClusterView> = {},
): ClusterView => ({
  key,
  header,
  nodes: [node('pve1'), node('pve2')],
  guests,
  storages: [],
  tasks: [],
  ...change,
})

export const delta = (change: Partial<ClusterDelta>): ClusterDelta => ({
  header: null,
  observedAt: '2026-01-31T12:00:10Z',
  nodes: null,
  guests: null,
  guestNumbers: null,
  storages: null,
  tasks: null,
  removedNodes: null,
  removedGuests: null,
  removedStorages: null,
  removedTasks: null,
  ...change,
})

const all = (vmids: readonly number[], value: number) => vmids.map(() => value)

export const numbers = (vmids: readonly number[], cpu: number, memory = 2_048): GuestNumbers => ({
  vmids,
  cpu: all(vmids, cpu),
  memory: all(vmids, memory),
  memoryHost: all(vmids, -1),
  disk: all(vmids, -1),
  netIn: all(vmids, 1_000),
  netOut: all(vmids, -1),
  diskRead: all(vmids, 0),
  diskWrite: all(vmids, 0),
})

export const many = (count: number): GuestView[] => Array.from({ length: count }, (_, i) => guest(100 + i))

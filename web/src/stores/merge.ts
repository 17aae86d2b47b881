import type {
  ClusterDelta,
  ClusterHeader,
  ClusterView,
  GuestNumbers,
  GuestView,
  NodeView,
  StorageView,
  TaskView,
} from '../contract/hubs.gen.ts'

export interface Cluster {
  readonly key: string
  readonly header: ClusterHeader
  readonly sequence: number
  readonly nodes: ReadonlyMap<string, NodeView>
  readonly guests: ReadonlyMap<number, GuestView>
  readonly storages: ReadonlyMap<string, StorageView>
  readonly tasks: ReadonlyMap<string, TaskView>
}

const MIB = 1_048_576

const keyed = <K, V>(rows: readonly V[], key: (row: V) => K): ReadonlyMap<K, V> =>
  new Map(rows.map((row) => [key(row), row]))

export const fromView = (view: ClusterView, sequence: number): Cluster => ({
  key: view.key,
  header: view.header,
  sequence,
  nodes: keyed(view.nodes, (row) => row.name),
  guests: keyed(view.guests, (row) => row.vmid),
  storages: keyed(view.storages, (row) => row.id),
  tasks: keyed(view.tasks, (row) => row.upid),
})

function merged<K, V>(
  old: ReadonlyMap<K, V>,
  rows: readonly V[] | null,
  removed: readonly K[] | null,
  key: (row: V) => K,
): ReadonlyMap<K, V> {
  if (!rows?.length && !removed?.length) return old
  const next = new Map(old)
  for (const row of rows ?? []) next.set(key(row), row)
  for (const id of removed ?? []) next.delete(id)
  return next
}

const scaled = (value: number | undefined, unit: number): number | null =>
  value === undefined || value < 0 ? null : value * unit

const thousandths = (value: number | undefined): number | null =>
  value === undefined || value < 0 ? null : value / 1_000

function withNumbers(old: ReadonlyMap<number, GuestView>, numbers: GuestNumbers | null) {
  if (!numbers?.vmids.length) return old
  const next = new Map(old)
  for (const [i, vmid] of numbers.vmids.entries()) {
    const guest = next.get(vmid)
    if (!guest) continue
    next.set(vmid, {
      ...guest,
      cpu: thousandths(numbers.cpu[i]),
      memory: scaled(numbers.memory[i], MIB),
      memoryHost: scaled(numbers.memoryHost[i], MIB),
      disk: scaled(numbers.disk[i], MIB),
      netIn: scaled(numbers.netIn[i], 1),
      netOut: scaled(numbers.netOut[i], 1),
      diskRead: scaled(numbers.diskRead[i], 1),
      diskWrite: scaled(numbers.diskWrite[i], 1),
    })
  }
  return next
}

/** Rows that the delta does not name keep their reference, so only changed rows render. */
export const applyDelta = (old: Cluster, delta: ClusterDelta, sequence: number): Cluster => ({
  key: old.key,
  header: { ...(delta.header ?? old.header), observedAt: delta.observedAt },
  sequence,
  nodes: merged(old.nodes, delta.nodes, delta.removedNodes, (row) => row.name),
  guests: withNumbers(
    merged(old.guests, delta.guests, delta.removedGuests, (row) => row.vmid),
    delta.guestNumbers,
  ),
  storages: merged(old.storages, delta.storages, delta.removedStorages, (row) => row.id),
  tasks: merged(old.tasks, delta.tasks, delta.removedTasks, (row) => row.upid),
})

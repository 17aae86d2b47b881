import type { GuestView, NodeView, StorageView, TaskView } from '../contract/hubs.gen.ts'
import { clock, count, percent, share } from '../lib/format.ts'
import { path } from '../lib/match.ts'
import { storagePath } from '../lib/places.ts'
import { taskNoun, taskNouns } from '../lib/tasks.ts'
import type { Live } from './live.ts'
import type { Cluster } from './merge.ts'

export interface Finding {
  readonly level: 'critical' | 'warning' | 'notice'
  readonly text: string
  readonly href: string | null
}

export interface Health {
  readonly level: 'good' | 'notice' | 'warning' | 'critical' | 'unknown'
  readonly sentence: string
  readonly findings: readonly Finding[]
}

const NEARLY_FULL = 0.9
const MEMORY_TIGHT = 0.92
const CPU_BUSY = 0.9

function aboutNode(cluster: string, node: NodeView): Finding[] {
  const href = path('c', cluster, 'node', node.name)
  const say = (level: Finding['level'], text: string): Finding => ({
    level,
    text: `Node ${node.name} ${text}`,
    href,
  })
  if (node.missing) return [say('critical', 'is no longer listed by Proxmox')]
  if (node.status === 'offline') return [say('critical', 'is offline')]
  if (node.status === 'unknown') return [say('warning', 'does not tell its state')]
  const found: Finding[] = []
  const memory = share(node.memory, node.maxMemory)
  const root = share(node.rootUsed, node.rootTotal)
  if (memory !== null && memory > MEMORY_TIGHT)
    found.push(say('warning', `has ${percent(memory)} of its memory in use`))
  if (root !== null && root > NEARLY_FULL)
    found.push(say('warning', `has its root disk ${percent(root)} full`))
  if (node.cpu !== null && node.cpu > CPU_BUSY)
    found.push(say('notice', `is busy: ${percent(node.cpu)} of its cores`))
  return found
}

function aboutGuest(cluster: string, guest: GuestView): Finding[] {
  const say = (level: Finding['level'], text: string): Finding[] => [
    {
      level,
      text: `Guest ${guest.name} (${guest.vmid}) ${text}`,
      href: path('c', cluster, 'guest', guest.vmid),
    },
  ]
  if (guest.template) return []
  if (guest.missing) return say('warning', 'is no longer listed by Proxmox')
  if (guest.haState === 'error') return say('warning', 'is in error for high availability')
  const disk = guest.type === 'container' ? share(guest.disk, guest.maxDisk) : null
  return disk !== null && disk > NEARLY_FULL ? say('notice', `has its disk ${percent(disk)} full`) : []
}

function aboutStorage({ key, nodes }: Cluster, storage: StorageView): Finding[] {
  const name = storage.shared
    ? `Storage ${storage.name}`
    : `Storage ${storage.name} on ${storage.node ?? '?'}`
  const say = (level: Finding['level'], text: string): Finding => ({
    level,
    text: `${name} ${text}`,
    href: storagePath(key, storage),
  })
  if (storage.missing) return [say('warning', 'is no longer listed by Proxmox')]
  if (storage.status === 'unavailable') return [say('warning', 'is unavailable')]
  // That of a node that is gone goes without saying.
  if (storage.status === 'unknown' && (!storage.node || nodes.get(storage.node)?.status === 'online'))
    return [say('warning', 'does not tell its state')]
  const used = share(storage.used, storage.total)
  return used !== null && used > NEARLY_FULL ? [say('warning', `is ${percent(used)} full`)] : []
}

const LATELY = 24 * 3_600_000

const ended = (task: TaskView) => Date.parse(task.endedAt ?? task.startedAt)

/** Failures of the last day, those of one kind on one node as one. */
function aboutTasks({ tasks, header }: Cluster): Finding[] {
  const now = Date.parse(header.observedAt ?? '')
  const failed = [...tasks.values()].filter((task) => task.state === 'failed' && now - ended(task) < LATELY)
  const groups = new Map<string, TaskView[]>()
  for (const task of failed) {
    const what = `${task.type} ${task.node}`
    groups.set(what, [...(groups.get(what) ?? []), task])
  }
  return [...groups.values()]
    .map((all) => ({ all, last: all.reduce((a, b) => (ended(a) > ended(b) ? a : b)) }))
    .sort((a, b) => b.all.length - a.all.length || ended(b.last) - ended(a.last))
    .map(({ all, last }) => {
      const at = clock(ended(last)).slice(0, 5)
      const text =
        all.length === 1
          ? `${taskNoun(last.type)} on ${last.node} failed at ${at}`
          : `${taskNouns(last.type)} on ${last.node} failed ${all.length} times, last at ${at}`
      return { level: 'notice', text, href: null }
    })
}

function aboutWhole(cluster: Cluster): Finding[] {
  const { quorate, access } = cluster.header
  const found: Finding[] = []
  if (quorate === false)
    found.push({ level: 'critical', text: 'The cluster has lost its quorum', href: null })
  if (access?.canSeeNodes && access.canSeeGuests && access.missing.length > 0)
    found.push({ level: 'warning', text: 'The token may not see everything', href: null })
  const lost = [...cluster.guests.values()].filter(
    (guest) => guest.status === 'unknown' && !guest.missing,
  ).length
  if (lost > 0)
    found.push({ level: 'warning', text: `The state of ${count(lost, 'guest')} is unknown`, href: null })
  return found
}

const rank = { critical: 0, warning: 1, notice: 2 }

export function findings(cluster: Cluster): readonly Finding[] {
  return [
    ...aboutWhole(cluster),
    ...[...cluster.nodes.values()].flatMap((node) => aboutNode(cluster.key, node)),
    ...[...cluster.storages.values()].flatMap((storage) => aboutStorage(cluster, storage)),
    ...[...cluster.guests.values()].flatMap((guest) => aboutGuest(cluster.key, guest)),
    ...aboutTasks(cluster),
  ].sort((a, b) => rank[a.level] - rank[b.level])
}

const sightless: Partial<Record<Live, string>> = {
  connecting: 'Looking at the cluster…',
  idle: 'Nothing is being watched.',
  paused: 'Paused: nothing is asked of this cluster. This is the last known state.',
  waiting: 'Waiting for the first answer of Proxmox.',
  stale: 'Nothing has arrived for a while. This is the last known state, and it may be wrong.',
  blind: 'Proxmox cannot be read. This is the last known state, and it may be wrong.',
  reconnecting: 'The connection to Jarvis is lost. This is the last known state.',
}

function summary(cluster: Cluster, found: readonly Finding[]): string {
  const [worst] = found
  if (!worst) {
    const running = [...cluster.guests.values()].filter((guest) => guest.status === 'running').length
    return `All quiet. ${count(cluster.nodes.size, 'node')} up, ${count(running, 'guest')} running.`
  }
  const more = found.length - 1
  const rest = more === 0 ? '' : ` ${count(more, 'more thing')} to look at.`
  return `${worst.text}.${rest}`
}

/** What the screen says in one sentence; without sight it never says that all is well. */
export function judgeHealth(cluster: Cluster | null, live: Live): Health {
  const found = cluster ? findings(cluster) : []
  const never = live === 'blind' && cluster?.header.observedAt === null
  const blind = never ? 'Proxmox cannot be read, and nothing is known of it yet.' : sightless[live]
  if (!cluster || blind)
    return { level: 'unknown', sentence: blind ?? sightless.connecting ?? '', findings: found }
  const { access } = cluster.header
  if (access && !(access.canSeeNodes && access.canSeeGuests))
    return {
      level: 'unknown',
      sentence: 'The token may not see the cluster, so nothing can be said.',
      findings: found,
    }
  if (cluster.nodes.size === 0)
    return { level: 'unknown', sentence: 'No node is known yet.', findings: found }
  return { level: found[0]?.level ?? 'good', sentence: summary(cluster, found), findings: found }
}

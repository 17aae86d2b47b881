import type { EventView, NodeView, StorageView } from '../contract/hubs.gen.ts'
import { bytes, moment, percent, share } from '../lib/format.ts'
import { type Finding, judgeHealth } from './health.ts'
import type { Live } from './live.ts'
import type { Cluster } from './merge.ts'

export interface SlideRow {
  readonly id: string
  /** A state's or a severity's name, shown as its shape. */
  readonly state: string
  readonly title: string
  readonly value: string
  /** 0 to 1, drawn as a bar; null for none. */
  readonly part: number | null
}

export interface Slide {
  readonly id: string
  /** The cluster that it is about. */
  readonly cluster: string
  readonly title: string
  readonly rows: readonly SlideRow[]
}

/** More cannot be read from across a room. */
const MOST = 5
const LATELY = 24 * 3_600_000

const eyes = (finding: Finding, i: number): SlideRow => ({
  id: `${i} ${finding.text}`,
  state: finding.level,
  title: finding.text,
  value: '',
  part: null,
})

const load = (node: NodeView) => Math.max(node.cpu ?? 0, share(node.memory, node.maxMemory) ?? 0)

const nodeRow = (node: NodeView): SlideRow => ({
  id: node.name,
  state: node.missing ? 'missing' : node.status,
  title: node.name,
  value: `CPU ${percent(node.cpu)} · memory ${percent(share(node.memory, node.maxMemory))}`,
  part: load(node),
})

const used = (storage: StorageView) => share(storage.used, storage.total) ?? 0

const storageRow = (storage: StorageView): SlideRow => ({
  id: storage.id,
  state: storage.missing ? 'missing' : storage.status,
  title: storage.shared ? storage.name : `${storage.name} on ${storage.node ?? '?'}`,
  value: `${percent(share(storage.used, storage.total))} of ${bytes(storage.total)}`,
  part: used(storage),
})

const eventRow = (event: EventView): SlideRow => ({
  id: String(event.id),
  state: event.severity,
  title: event.summary,
  value: moment(event.at),
  part: null,
})

const top = <T>(all: Iterable<T>, heat: (row: T) => number): readonly T[] =>
  [...all].sort((a, b) => heat(b) - heat(a)).slice(0, MOST)

const word = (id: string, title: string): SlideRow => ({ id, state: 'unknown', title, value: '', part: null })

/** What a display goes through for one cluster, what needs eyes first; a view without rows is left out, and so is what
 * is measured while nothing can be. Null for the events says that they could not be read. */
export function slidesOf(
  cluster: Cluster,
  live: Live,
  events: readonly EventView[] | null,
  now: number,
): readonly Slide[] {
  const { findings, sentence } = judgeHealth(cluster, live)
  const seeing = live === 'live'
  const nodes = [...cluster.nodes.values()].filter((node) => node.status === 'online' && !node.missing)
  const storages = [...cluster.storages.values()].filter((storage) => storage.status === 'available')
  const late = (events ?? []).filter((event) => now - Date.parse(event.at) < LATELY)
  const slide = (id: string, title: string, rows: readonly SlideRow[]): Slide => ({
    id: `${cluster.key} ${id}`,
    cluster: cluster.key,
    title,
    rows,
  })
  return [
    slide('sight', cluster.header.name, seeing ? [] : [word('sight', sentence)]),
    slide('eyes', 'To look at', findings.slice(0, MOST).map(eyes)),
    slide('nodes', 'Busiest nodes', seeing ? top(nodes, load).map(nodeRow) : []),
    slide('storages', 'Fullest storage', seeing ? top(storages, used).map(storageRow) : []),
    slide(
      'errors',
      'Errors of the last day',
      events ? late.slice(0, MOST).map(eventRow) : [word('unread', 'Errors could not be read')],
    ),
  ].filter(({ rows }) => rows.length > 0)
}

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
  /** Drawn as a bar, with the name of what is measured; null for none. */
  readonly part: { readonly of: string; readonly fraction: number } | null
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

const known = (fraction: number | null) => (fraction === null ? 'unknown' : percent(fraction))

/** What a node has least left of, of what is known. */
function load(node: NodeView): SlideRow['part'] {
  const parts = [
    { of: 'CPU', fraction: node.cpu },
    { of: 'memory', fraction: share(node.memory, node.maxMemory) },
  ].flatMap(({ of, fraction }) => (fraction === null ? [] : [{ of, fraction }]))
  return parts.sort((a, b) => b.fraction - a.fraction)[0] ?? null
}

const nodeRow = (node: NodeView): SlideRow => ({
  id: node.name,
  state: node.missing ? 'missing' : node.status,
  title: node.name,
  value: `CPU ${known(node.cpu)} · memory ${known(share(node.memory, node.maxMemory))}`,
  part: load(node),
})

function used(storage: StorageView): SlideRow['part'] {
  const fraction = share(storage.used, storage.total)
  return fraction === null ? null : { of: 'in use', fraction }
}

const storageRow = (storage: StorageView): SlideRow => ({
  id: storage.id,
  state: storage.missing ? 'missing' : storage.status,
  title: storage.shared ? storage.name : `${storage.name} on ${storage.node ?? '?'}`,
  value: `${known(share(storage.used, storage.total))}${storage.total === null ? '' : ` of ${bytes(storage.total)}`}`,
  part: used(storage),
})

const eventRow = (event: EventView): SlideRow => ({
  id: String(event.id),
  state: event.severity,
  title: event.summary,
  value: moment(event.at),
  part: null,
})

const top = (rows: readonly SlideRow[]): readonly SlideRow[] =>
  [...rows].sort((a, b) => (b.part?.fraction ?? -1) - (a.part?.fraction ?? -1)).slice(0, MOST)

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
  const { access } = cluster.header
  const measured = (what: string, allowed: boolean | undefined, rows: readonly SlideRow[]) => {
    if (!seeing) return []
    return allowed === false ? [word('hidden', `The token may not see ${what}`)] : top(rows)
  }
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
    slide('nodes', 'Busiest nodes', measured('nodes', access?.canSeeNodes, nodes.map(nodeRow))),
    slide(
      'storages',
      'Fullest storage',
      measured('storage', access?.canSeeStorage, storages.map(storageRow)),
    ),
    slide(
      'errors',
      'Errors of the last day',
      events ? late.slice(0, MOST).map(eventRow) : [word('unread', 'Errors could not be read')],
    ),
  ].filter(({ rows }) => rows.length > 0)
}

import type { EventView } from '../contract/hubs.gen.ts'
import { path } from '../lib/match.ts'

export interface Alert {
  /** Things of one kind in one cluster share it, so that one takes the place of another. */
  readonly id: string
  readonly severity: 'error' | 'critical'
  readonly text: string
  /** What it is about, such as the cluster and the node. */
  readonly about: string
  /** How many of its kind have come, itself included. */
  readonly count: number
  readonly href: string | null
}

/** What says that a trouble is over, by the type of event that told of it. */
const ends: Readonly<Record<string, string>> = {
  'cluster.sighted': 'cluster.blind',
  'quorum.regained': 'quorum.lost',
  'node.online': 'node.offline',
  'node.returned': 'node.missing',
  'storage.available': 'storage.unavailable',
}

/** Older than this it is history, such as what a reconnect brings, and belongs in the feed. */
const FRESH = 120_000
const KEPT = 20

const idOf = (type: string, cluster: string | null) => `${type} ${cluster ?? ''}`

function hrefOf({ cluster, node, target }: EventView): string | null {
  if (cluster === null) return null
  const guest = /^guest\/(\d+)$/.exec(target ?? '')?.[1]
  if (guest) return path('c', cluster, 'guest', guest)
  return node === null ? path('c', cluster, 'feed') : path('c', cluster, 'node', node)
}

export interface Change {
  readonly shown: readonly Alert[]
  /** Ids of those whose trouble is over. */
  readonly over: readonly string[]
}

const needsEyes = (event: EventView, now: number): event is EventView & Pick<Alert, 'severity'> =>
  (event.severity === 'error' || event.severity === 'critical') && now - Date.parse(event.at) <= FRESH

/** The id of the alert that this event puts an end to; null while others of its kind are left. */
function ending({ type, cluster }: EventView, counts: Map<string, number>): string | null {
  const begun = ends[type]
  if (begun === undefined) return null
  const id = idOf(begun, cluster)
  const left = (counts.get(id) ?? 0) - 1
  if (left > 0) counts.set(id, left)
  else if (counts.delete(id)) return id
  return null
}

/** Which events need eyes; `counts` remembers what has been shown and not yet put away. */
export function alertsOf(
  events: readonly EventView[],
  counts: Map<string, number>,
  nameOf: (cluster: string) => string,
  now: number,
): Change {
  const shown = new Map<string, Alert>()
  const over: string[] = []
  for (const event of events) {
    const ended = ending(event, counts)
    if (ended !== null) {
      shown.delete(ended)
      over.push(ended)
    }
    if (!needsEyes(event, now)) continue
    const { severity, summary: text, cluster, node } = event
    const id = idOf(event.type, cluster)
    const count = (counts.get(id) ?? 0) + 1
    counts.set(id, count)
    const about = [cluster === null ? null : nameOf(cluster), node].filter(Boolean).join(' · ')
    shown.set(id, { id, severity, text, about, count, href: hrefOf(event) })
  }
  if (counts.size > KEPT) counts.clear()
  return { shown: [...shown.values()], over }
}

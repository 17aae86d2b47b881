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

const withEnd = new Set(Object.values(ends))

/** What of a kind is in trouble; of what never ends, each event counts. */
const markOf = (type: string, event: EventView) =>
  withEnd.has(type) ? (event.target ?? event.node ?? '') : String(event.id)

/** What has been shown and not yet put away: by the alert's id, and within it by what is in trouble. */
export type Troubles = Map<string, Map<string, Alert>>

/** Takes away the trouble that this event ends; null when it ends none. */
function ending(event: EventView, troubles: Troubles): { id: string; left: Alert | null } | null {
  const begun = ends[event.type]
  if (begun === undefined) return null
  const id = idOf(begun, event.cluster)
  const open = troubles.get(id)
  if (!open?.delete(markOf(begun, event))) return null
  const last = [...open.values()].at(-1)
  if (last) return { id, left: { ...last, count: open.size } }
  troubles.delete(id)
  return { id, left: null }
}

/** Which events need eyes. */
export function alertsOf(
  events: readonly EventView[],
  troubles: Troubles,
  nameOf: (cluster: string) => string,
  now: number,
): Change {
  const shown = new Map<string, Alert>()
  const over = new Set<string>()
  for (const event of events) {
    const ended = ending(event, troubles)
    if (ended?.left) shown.set(ended.id, ended.left)
    else if (ended) {
      shown.delete(ended.id)
      over.add(ended.id)
    }
    if (!needsEyes(event, now)) continue
    const { severity, summary: text, cluster, node } = event
    const id = idOf(event.type, cluster)
    const open = troubles.get(id) ?? new Map<string, Alert>()
    const mark = markOf(event.type, event)
    const about = [cluster === null ? null : nameOf(cluster), node].filter(Boolean).join(' · ')
    const alert = {
      id,
      severity,
      text,
      about,
      count: open.size + (open.has(mark) ? 0 : 1),
      href: hrefOf(event),
    }
    open.delete(mark)
    troubles.set(id, open.set(mark, alert))
    shown.set(id, alert)
  }
  if (troubles.size > KEPT) troubles.clear()
  return { shown: [...shown.values()], over: [...over] }
}

import { act } from '../../hub/act.ts'
import { match, path as toPath } from '../../lib/match.ts'
import { storagePath } from '../../lib/places.ts'
import { offersOf } from '../../parts/acts/offers.ts'
import { useLocation } from '../../stores/location.ts'
import type { Cluster } from '../../stores/merge.ts'
import { mayAs, type Role } from '../../stores/session.ts'
import { type Command, commands } from '../commands.ts'
import type { Page, Place } from '../page.ts'
import { pages } from '../pages.ts'

export interface Entry {
  readonly id: string
  readonly kind: 'node' | 'guest' | 'storage' | 'cluster' | 'page' | 'command'
  readonly title: string
  readonly about: string
  /** What is searched besides the title, in lower case. */
  readonly words: string
  readonly lower: string
  /** Its state, where it has one. */
  readonly state: string | null
  readonly go: string | (() => void)
}

type Given = Omit<Entry, 'id' | 'words' | 'lower' | 'state'> & {
  readonly words?: string
  readonly state?: string
}

const entry = ({ words = '', state, ...given }: Given): Entry => ({
  ...given,
  id: `${given.kind} ${given.title} ${given.about}`,
  words: `${given.about} ${words}`.toLowerCase(),
  lower: given.title.toLowerCase(),
  state: state ?? null,
})

const stateOf = ({ missing, status }: { missing: boolean; status: string }) => (missing ? 'missing' : status)

/** The name of the cluster stands behind everything of it, because names are its own. */
function targets(cluster: Cluster): Entry[] {
  const name = cluster.header.name
  const go = (...parts: (string | number)[]) => toPath('c', cluster.key, ...parts)
  const found: Entry[] = []
  for (const node of cluster.nodes.values())
    found.push(
      entry({
        kind: 'node',
        title: node.name,
        about: name,
        state: stateOf(node),
        go: go('node', node.name),
      }),
    )
  for (const guest of cluster.guests.values())
    found.push(
      entry({
        kind: 'guest',
        title: guest.name,
        about: `${guest.vmid} · ${guest.node} · ${name}`,
        words: `${guest.type === 'vm' ? 'vm' : 'ct container'} ${guest.tags.join(' ')}`,
        state: guest.template ? 'template' : stateOf(guest),
        go: go('guest', guest.vmid),
      }),
    )
  for (const storage of cluster.storages.values())
    found.push(
      entry({
        kind: 'storage',
        title: storage.name,
        about: `${storage.shared ? 'shared' : storage.node} · ${name}`,
        state: stateOf(storage),
        go: storagePath(cluster.key, storage),
      }),
    )
  return found
}

/** Where a page can be gone to by its name alone; those that stand alone only if they say how they are found. */
function placesOf(page: Page): readonly Place[] {
  if (page.alone && !page.palette) return []
  const own = page.path.includes('/:') ? [] : [page as Place]
  return [...own, ...(page.places ?? [])]
}

function toPlace(page: Page, place: Place, clusters: readonly Cluster[]): Entry[] {
  const { title, path } = place
  const all = {
    kind: 'page',
    title,
    words: [...(page.palette ?? []), ...(place.palette ?? [])].join(' '),
  } as const
  if (page.scope === 'app') return [entry({ ...all, about: '', go: path })]
  return clusters.map(({ key, header }) => entry({ ...all, about: header.name, go: toPath('c', key) + path }))
}

const overview = ({ key, header }: Cluster): Entry =>
  entry({ kind: 'cluster', title: header.name, about: 'overview', words: 'cluster', go: toPath('c', key) })

const places = (clusters: readonly Cluster[], role: Role | null): Entry[] =>
  pages
    .filter((page) => mayAs(role, page.role))
    .flatMap((page) =>
      placesOf(page)
        .filter((place) => mayAs(role, place.role))
        .flatMap((place) => toPlace(page, place, clusters)),
    )

const orders = ({ title, about, words, run }: Command): Entry =>
  entry({ kind: 'command', title, about, words, go: run })

/** What can be done to the guest on screen. */
function acts(clusters: readonly Cluster[]): Entry[] {
  const at = match('/c/:cluster/guest/:vmid/:tab?', useLocation.getState().path)
  const cluster = clusters.find(({ key }) => key === at?.cluster)
  const guest = cluster?.guests.get(Number(at?.vmid))
  if (!cluster || !guest) return []
  return offersOf(cluster.key, guest).map((offer) =>
    entry({ kind: 'command', title: offer.title, about: cluster.header.name, go: () => void act(offer) }),
  )
}

/** Everything there is to go to or to do, for somebody of this role. */
export function entriesOf(clusters: readonly Cluster[], role: Role | null): readonly Entry[] {
  return [
    ...clusters.map(overview),
    ...places(clusters, role),
    ...(mayAs(role, 'operator') ? acts(clusters) : []),
    ...commands().map(orders),
    ...clusters.flatMap(targets),
  ]
}

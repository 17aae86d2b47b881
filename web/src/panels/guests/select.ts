import type { GuestView } from '../../contract/hubs.gen.ts'

export const sorts = ['name', 'vmid', 'cpu', 'memory', 'status', 'node'] as const

export interface Wish {
  readonly search: string
  readonly status: string
  readonly node: string
  readonly type: string
  readonly tag: string
  readonly sort: (typeof sorts)[number]
}

export const anything: Wish = { search: '', status: '', node: '', type: '', tag: '', sort: 'name' }

export const stateOf = (guest: GuestView): string => (guest.missing ? 'missing' : guest.status)

const collator = new Intl.Collator('en', { numeric: true })

// Unknown sorts last in either direction: it is no number.
const falling = (a: number | null, b: number | null) => (b ?? -1) - (a ?? -1)

const orders: Record<Wish['sort'], (a: GuestView, b: GuestView) => number> = {
  name: (a, b) => collator.compare(a.name, b.name),
  vmid: (a, b) => a.vmid - b.vmid,
  cpu: (a, b) => falling(a.cpu, b.cpu),
  memory: (a, b) => falling(a.memory, b.memory),
  status: (a, b) => collator.compare(stateOf(a), stateOf(b)),
  node: (a, b) => collator.compare(a.node, b.node),
}

function wanted(wish: Wish): (guest: GuestView) => boolean {
  const words = wish.search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = (guest: GuestView) => {
    const text = `${guest.name} ${guest.vmid} ${guest.node} ${guest.tags.join(' ')}`.toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return (guest) =>
    (wish.status === '' || stateOf(guest) === wish.status) &&
    (wish.node === '' || guest.node === wish.node) &&
    (wish.type === '' || guest.type === wish.type) &&
    (wish.tag === '' || guest.tags.includes(wish.tag)) &&
    (words.length === 0 || found(guest))
}

/** Starting from the order of before, sorting thousands of rows whose numbers moved costs next to nothing. */
export function select(
  guests: ReadonlyMap<number, GuestView>,
  wish: Wish,
  before: readonly GuestView[] = [],
): readonly GuestView[] {
  const order = orders[wish.sort]
  const ordered = new Map(before.map((guest) => [guest.vmid, guests.get(guest.vmid)]))
  for (const [vmid, guest] of guests) ordered.set(vmid, guest)
  return [...ordered.values()]
    .filter((guest) => guest !== undefined)
    .filter(wanted(wish))
    .sort((a, b) => order(a, b) || a.vmid - b.vmid)
}

export interface Choices {
  readonly status: readonly string[]
  readonly node: readonly string[]
  readonly tag: readonly string[]
}

export function choices(guests: Iterable<GuestView>): Choices {
  const [status, node, tag] = [new Set<string>(), new Set<string>(), new Set<string>()]
  for (const guest of guests) {
    status.add(stateOf(guest))
    node.add(guest.node)
    for (const each of guest.tags) tag.add(each)
  }
  const sorted = (values: Set<string>) => [...values].sort(collator.compare)
  return { status: sorted(status), node: sorted(node), tag: sorted(tag) }
}

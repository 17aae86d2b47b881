import type { Cluster } from '../../stores/merge.ts'

export interface Spot {
  readonly longitude: number
  readonly latitude: number
  readonly load: number | null
  readonly state: 'running' | 'still' | 'unknown'
}

export interface Sector {
  readonly name: string
  readonly state: 'online' | 'offline' | 'unknown'
  readonly cpu: number | null
  readonly memory: number | null
  readonly spots: readonly Spot[]
}

const TURN = Math.PI * 2
/** More than these cannot be told apart on a globe of this size. */
const MOST_SPOTS = 1_500

function halton(index: number, base: number): number {
  let [result, fraction] = [0, 1]
  for (let i = index; i > 0; i = Math.floor(i / base)) {
    fraction /= base
    result += fraction * (i % base)
  }
  return result
}

const stateOf = (status: string, missing: boolean): Spot['state'] => {
  if (missing || status === 'unknown') return 'unknown'
  return status === 'running' ? 'running' : 'still'
}

/** Each node is a slice of the globe, and its guests are spread over it. */
export function sectors(cluster: Pick<Cluster, 'nodes' | 'guests'>): readonly Sector[] {
  const nodes = [...cluster.nodes.values()].sort((a, b) =>
    a.name.localeCompare(b.name, 'en', { numeric: true }),
  )
  const spots = new Map<string, Spot[]>(nodes.map((node) => [node.name, []]))
  const places = new Map(nodes.map((node, i) => [node.name, i]))
  const width = TURN / Math.max(1, nodes.length)
  const stride = Math.max(1, Math.ceil(cluster.guests.size / MOST_SPOTS))
  let count = 0
  for (const guest of cluster.guests.values()) {
    const mine = spots.get(guest.node)
    if (!mine || guest.template || count++ % stride !== 0) continue
    const i = mine.length + 1
    mine.push({
      longitude: (places.get(guest.node) ?? 0) * width + (halton(i, 2) - 0.5) * width * 0.84,
      latitude: Math.asin((halton(i, 3) * 2 - 1) * 0.86),
      load: guest.cpu,
      state: stateOf(guest.status, guest.missing),
    })
  }
  return nodes.map((node) => ({
    name: node.name,
    state: node.missing ? 'unknown' : node.status,
    cpu: node.cpu,
    memory: node.memory !== null && node.maxMemory ? node.memory / node.maxMemory : null,
    spots: spots.get(node.name) ?? [],
  }))
}

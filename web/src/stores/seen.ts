import { count } from '../lib/format.ts'
import type { Cluster } from './merge.ts'

/** How much of a cluster is seen; what a token may not see is not called none. */
export function seenWords({ header, nodes, guests }: Cluster): string {
  const hidden = (may: boolean | undefined, what: string) => (may === false ? `${what} not seen` : null)
  return [
    hidden(header.access?.canSeeNodes, 'nodes') ?? count(nodes.size, 'node'),
    hidden(header.access?.canSeeGuests, 'guests') ?? count(guests.size, 'guest'),
  ].join(', ')
}

import type { ClusterView } from '../../src/contract/hubs.gen.ts'
import rows from './places.json' with { type: 'json' }
import type { Server } from './stack.ts'

export interface Visit {
  readonly name: string
  readonly path: string
  /** Who sees it; a newcomer comes to a server without accounts. */
  readonly as: string
}

/** Every page by an address that leads there; a test holds them to the router's own list. */
export const places: readonly Visit[] = rows

/** Puts names of this cluster into a place's path. */
export async function addressOf(server: Server, cluster: string): Promise<(path: string) => string> {
  const { guests, storages } = await server.api<ClusterView>(`/api/clusters/${cluster}`)
  const storage = storages.find(({ shared }) => !shared)
  const names: Record<string, string> = {
    cluster,
    node: storage?.node ?? '',
    storage: storage?.name ?? '',
    vmid: String(guests.find(({ status, type }) => status === 'running' && type === 'vm')?.vmid ?? ''),
  }
  return (path) => path.replaceAll(/\{(\w+)\}/g, (_, name) => names[name] ?? '')
}

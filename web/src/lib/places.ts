import { path } from './match.ts'

/** A shared storage has no node of its own; no node can be called so. */
export const SHARED = '-'

export const storagePath = (
  cluster: string,
  { node, name }: { readonly node: string | null; readonly name: string },
): string => path('c', cluster, 'storage', node ?? SHARED, name)

export const nodePath = (cluster: string, node: string): string => path('c', cluster, 'node', node)

export const guestPath = (cluster: string, vmid: number): string => path('c', cluster, 'guest', vmid)

import type { ClusterListing, ClusterSettings, ProbeAnswer, TestAnswer } from '../contract/rest.gen.ts'
import { path } from '../lib/match.ts'
import { Problem } from './http.ts'
import { order, request } from './request.ts'

/** The server asks every node in turn and gives each its own time. */
const PATIENCE = 60_000

export interface Access {
  readonly address: string
  readonly fingerprint?: string
  readonly token: string
}

export interface NewCluster extends Access {
  readonly key: string
  readonly name?: string
}

export interface ClusterChange {
  readonly name?: string
  readonly paused?: boolean
  readonly token?: string
  readonly fingerprint?: string
  readonly address?: string
  /** Says so of a cluster none of whose certificates is known. */
  readonly sameCluster?: boolean
}

export const clusterListings = (): Promise<readonly ClusterListing[]> => request('/api/clusters')

export const clusterSettings = (key: string): Promise<ClusterSettings> =>
  request(path('api', 'clusters', key, 'settings'))

export const probeCluster = (address: string): Promise<ProbeAnswer> =>
  request('/api/clusters/probe', { method: 'POST', body: { address }, patience: PATIENCE })

export const testCluster = (access: Access): Promise<TestAnswer> =>
  request('/api/clusters/test', { method: 'POST', body: access, patience: PATIENCE })

export const addCluster = (cluster: NewCluster): Promise<ClusterListing> =>
  request('/api/clusters', { method: 'POST', body: cluster, patience: PATIENCE })

export const changeCluster = (key: string, change: ClusterChange): Promise<ClusterSettings> =>
  request(path('api', 'clusters', key), { method: 'PATCH', body: change, patience: PATIENCE })

export const removeCluster = (key: string): Promise<void> =>
  order(path('api', 'clusters', key), { method: 'DELETE' })

const DEMO = 'demo'

/** The configuration may have started it as well, under the key that is its own. */
export const isDemo = ({ key, origin }: Pick<ClusterListing, 'key' | 'origin'>): boolean =>
  origin === 'demo' || (origin === 'configuration' && key === DEMO)

/** There can be one, and nothing else under its key. */
export const mayStartDemo = (list: readonly ClusterListing[]): boolean =>
  list.every(({ key }) => key !== DEMO)

/** One that the configuration started can only be put aside. */
export async function endDemo(): Promise<void> {
  try {
    await removeCluster(DEMO)
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.code !== 'CLUSTER_CONFIGURED') throw problem
    await changeCluster(DEMO, { paused: true })
  }
}

export const startDemo = (scenario: string): Promise<ClusterListing> =>
  request('/api/demo', { method: 'POST', body: { scenario }, patience: PATIENCE })

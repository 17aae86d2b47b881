import type { ClusterClient, ClusterHub } from '../src/contract/hubs.gen.ts'
import { connect } from '../src/hub/connect.ts'

const hub = connect<ClusterHub, ClusterClient>('/hubs/cluster')
hub.on('Snapshot', (view, sequence) => {
  const name: string = view.guests[0]?.name ?? ''
  const next: number = sequence + 1
  const cpu: number | null = view.nodes[0]?.cpu ?? null
  return [name, next, cpu]
})
const asked: Promise<void> = hub.call('Subscribe', null, 'cluster')
// @ts-expect-error unknown method
hub.on('Nope', () => {})
// @ts-expect-error wrong argument
const wrong: Promise<void> = hub.call('Subscribe', 1, 'cluster')

export const checked = [asked, wrong]

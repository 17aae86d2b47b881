import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack'
import type { ClusterClient, ClusterHub, GuestView } from '../contract/hubs.gen.ts'
import { keepClusters, received, setCluster, useClusters } from '../stores/clusters.ts'
import { useEntries } from '../stores/entries.ts'
import { useLink } from '../stores/link.ts'
import { applyDelta, type Cluster, fromView } from '../stores/merge.ts'
import { setProgress } from '../stores/progress.ts'
import { record } from '../stores/trends.ts'
import { connect } from './connect.ts'
import { dropCluster } from './forget.ts'

export async function followCluster(
  signal: AbortSignal,
  ready: (refused: boolean) => Promise<boolean>,
): Promise<void> {
  const hub = connect<ClusterHub, ClusterClient>('/hubs/cluster', new MessagePackHubProtocol())
  const behind = new Map<string, number>()
  /** Which cluster was last seen under each key, be it gone or not read anew yet. */
  const known = new Map<string, string>()
  /** The first guests of a large cluster whose snapshot is still under way. */
  const early = new Map<string, { readonly sequence: number; readonly guests: readonly GuestView[] }>()
  let asked = false

  const accept = (cluster: Cluster) => {
    if (signal.aborted) return
    known.set(cluster.key, cluster.header.instance)
    setCluster(cluster)
    received(cluster.key)
    record(cluster)
  }
  const resync = () => {
    if (asked) return
    asked = true
    hub.call('Resync').catch(() => {
      asked = false
    })
  }

  hub.on('Clusters', (entries) => {
    if (signal.aborted) return
    const before = useEntries.getState().list ?? []
    useEntries.setState({ list: entries })
    keepClusters(new Set(entries.map(({ key }) => key)))
    for (const { key, origin } of before)
      if (!entries.some((entry) => entry.key === key && entry.origin === origin)) dropCluster(key)
  })
  hub.on('Guests', (key, sequence, guests) => {
    const before = early.get(key)
    early.set(key, {
      sequence,
      guests: before?.sequence === sequence ? [...before.guests, ...guests] : guests,
    })
  })
  hub.on('Snapshot', (view, sequence) => {
    asked = false
    if (signal.aborted) return
    const told = early.get(view.key)
    early.delete(view.key)
    const guests = told?.sequence === sequence ? [...told.guests, ...view.guests] : view.guests
    const cluster = fromView({ ...view, guests }, sequence)
    // Removed and added again while nobody here was told.
    const before = known.get(cluster.key)
    if (before !== undefined && before !== cluster.header.instance) dropCluster(cluster.key)
    accept(cluster)
  })
  hub.on('Delta', (key, sequence, delta) => {
    const old = useClusters.getState().all[key]
    if (old && sequence <= old.sequence) return
    if (old && sequence === old.sequence + 1) accept(applyDelta(old, delta, sequence))
    else resync()
  })
  hub.on('Heartbeat', (key, sequence, _serverTime, blindSince) => {
    const old = useClusters.getState().all[key]
    if (!old) return resync()
    // A delta may be under way behind its heartbeat: only a second one ahead of us means a loss.
    if (sequence > old.sequence && behind.get(key) === old.sequence) resync()
    if (sequence > old.sequence) behind.set(key, old.sequence)
    else behind.delete(key)
    received(key)
    if (old.header.blindSince !== blindSince) setCluster({ ...old, header: { ...old.header, blindSince } })
  })
  hub.on('TaskProgress', (key, upid, percent, line) => setProgress(key, upid, { percent, line }))
  hub.on('Failed', (_code, message) => {
    asked = false
    useLink.setState({ refusal: message })
  })

  await hub.keep(signal, {
    prepare: ready,
    connected: () => {
      asked = false
      useLink.setState({ status: 'connected', attempt: 0, lostAt: null, refusal: null })
    },
    lost: (attempt) => {
      early.clear()
      useLink.setState(({ lostAt }) => ({ status: 'reconnecting', attempt, lostAt: lostAt ?? Date.now() }))
    },
  })
  useLink.setState({ status: 'connecting', attempt: 0, lostAt: null, refusal: null })
}

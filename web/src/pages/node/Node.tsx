import { useMemo } from 'react'
import type { PageProps } from '../../app/page.ts'
import type { NodeView } from '../../contract/hubs.gen.ts'
import { clock, day, percent, share, usedOf } from '../../lib/format.ts'
import { path } from '../../lib/match.ts'
import { useTitle } from '../../lib/title.ts'
import { Offers } from '../../parts/acts/Offers.tsx'
import { bulkOffers, nodeOffers } from '../../parts/acts/offers.ts'
import { cpu, disk, memory, network } from '../../parts/history/charts.ts'
import { History } from '../../parts/history/History.tsx'
import { useCluster } from '../../stores/clusters.ts'
import { useSince } from '../../stores/useSince.ts'
import { Gauge } from '../../ui/Bar.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { NoSuch } from '../../ui/NoSuch.tsx'
import { Loading } from '../../ui/Notice.tsx'
import { look } from '../../ui/states.ts'
import { GuestsHere, StoragesHere, TasksHere } from './Here.tsx'
import '../../ui/detail.css'

export default function NodePage({ cluster, params }: PageProps) {
  const name = params.node ?? ''
  const node = useCluster((whole) => whole.nodes.get(name) ?? null)
  const home = useCluster((whole) => whole.header.name)
  const { maxMemory = null, rootTotal = null } = node ?? {}
  const charts = useMemo(
    () => [cpu, memory(maxMemory), network, disk('Root disk', rootTotal)],
    [maxMemory, rootTotal],
  )
  useTitle(name, home)
  if (home === null) return <Loading what={name} lines={8} />
  if (!node)
    return (
      <NoSuch what="node" href={path('c', cluster)}>
        <p>
          “{name}” is not among the nodes that {home} lists.
        </p>
      </NoSuch>
    )
  const state = node.missing ? 'missing' : node.status
  return (
    <article className="detail">
      <header className="detail-head">
        <Mark {...look(state)} />
        <h1>{node.name}</h1>
        <span className="detail-state" data-state={state}>
          {state}
        </span>
        <span className="detail-kind">node · {home}</span>
      </header>
      {state === 'online' && (
        <>
          <Offers
            whose="Its guests"
            label={`What can be done to the guests of ${name}`}
            offers={bulkOffers(cluster, `all guests of ${name}`, { node: name })}
          />
          <Offers
            whose="Itself"
            label={`What can be done to ${name} itself`}
            offers={nodeOffers(cluster, name)}
          />
        </>
      )}
      {state !== 'online' && <Gone cluster={cluster} node={node} state={state} />}
      <Gauges node={node} />
      <History cluster={cluster} target={`node/${name}`} charts={charts} />
      <About node={node} />
      <GuestsHere cluster={cluster} node={name} />
      <StoragesHere cluster={cluster} node={name} />
      <TasksHere cluster={cluster} node={name} />
    </article>
  )
}

function Gone({ cluster, node, state }: { cluster: string; node: NodeView; state: string }) {
  const since = useSince(cluster, `node/${node.name}`, state)
  const told = since === null ? `as of ${clock(node.observedAt)}` : `since ${day(since)} ${clock(since)}`
  return (
    <p className="detail-note">
      {node.missing
        ? `Proxmox no longer lists it, ${told}. This is what was last seen.`
        : `${state === 'offline' ? 'Offline' : 'Its state is unknown'} ${told}.`}
    </p>
  )
}

function Gauges({ node }: { node: NodeView }) {
  return (
    <section className="detail-gauges panel" aria-label="In use">
      <Gauge
        label={`CPU${node.maxCpu === null ? '' : `, ${node.maxCpu} cores`}`}
        fraction={node.cpu}
        value={percent(node.cpu)}
      />
      <Gauge
        label="Memory"
        fraction={share(node.memory, node.maxMemory)}
        value={usedOf(node.memory, node.maxMemory)}
      />
      <Gauge
        label="Root disk"
        fraction={share(node.rootUsed, node.rootTotal)}
        value={usedOf(node.rootUsed, node.rootTotal)}
      />
      <Gauge label="Swap" fraction={share(node.swap, node.maxSwap)} value={usedOf(node.swap, node.maxSwap)} />
    </section>
  )
}

function About({ node }: { node: NodeView }) {
  return (
    <section className="panel detail-facts">
      <h2>Facts</h2>
      <Facts
        rows={[
          ['Up since', node.startedAt === null ? null : `${day(node.startedAt)} ${clock(node.startedAt)}`],
          ['Load', node.load?.map((value) => value.toFixed(2)).join('  ') ?? null],
          ['Waiting for disks', percent(node.ioWait)],
          ['Processor', node.cpuModel],
          ['Kernel', node.kernel],
          ['Proxmox VE', node.version],
        ]}
      />
    </section>
  )
}

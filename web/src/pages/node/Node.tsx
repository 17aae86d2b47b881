import { useMemo } from 'react'
import type { PageProps } from '../../app/page.ts'
import type { NodeView } from '../../contract/hubs.gen.ts'
import { bytes, clock, day, percent, share, UNKNOWN } from '../../lib/format.ts'
import { path } from '../../lib/match.ts'
import { useCluster } from '../../stores/clusters.ts'
import { Gauge } from '../../ui/Bar.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Loading, Notice } from '../../ui/Notice.tsx'
import { look } from '../../ui/states.ts'
import { NodeHistory } from './NodeHistory.tsx'
import '../../ui/detail.css'

export default function NodePage({ cluster, params }: PageProps) {
  const name = params.node ?? ''
  const node = useCluster((whole) => whole.nodes.get(name) ?? null)
  const loaded = useCluster(() => true)
  if (!loaded) return <Loading what={name} lines={8} />
  if (!node)
    return (
      <Notice title="No such node" tone="warn">
        <p>“{name}” is not among the nodes that this cluster lists.</p>
      </Notice>
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
        <span className="detail-kind">node</span>
      </header>
      {state !== 'online' && (
        <p className="detail-note">
          Last seen {day(node.observedAt)} {clock(node.observedAt)}. The numbers below are from then.
        </p>
      )}
      <Gauges node={node} />
      <NodeHistory cluster={cluster} node={name} maxMemory={node.maxMemory} />
      <Facts node={node} />
      <GuestsHere cluster={cluster} node={name} />
    </article>
  )
}

const both = (used: number | null, total: number | null) =>
  used === null && total === null ? UNKNOWN : `${bytes(used)} of ${bytes(total)}`

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
        value={both(node.memory, node.maxMemory)}
      />
      <Gauge
        label="Root disk"
        fraction={share(node.rootUsed, node.rootTotal)}
        value={both(node.rootUsed, node.rootTotal)}
      />
      <Gauge label="Swap" fraction={share(node.swap, node.maxSwap)} value={both(node.swap, node.maxSwap)} />
    </section>
  )
}

function Facts({ node }: { node: NodeView }) {
  const started = node.startedAt === null ? UNKNOWN : `${day(node.startedAt)} ${clock(node.startedAt)}`
  return (
    <section className="panel detail-facts">
      <h2>Facts</h2>
      <dl className="facts">
        <dt>Up since</dt>
        <dd>{started}</dd>
        <dt>Load</dt>
        <dd>{node.load?.map((value) => value.toFixed(2)).join('  ') ?? UNKNOWN}</dd>
        <dt>Waiting for disks</dt>
        <dd>{percent(node.ioWait)}</dd>
        <dt>Processor</dt>
        <dd>{node.cpuModel ?? UNKNOWN}</dd>
        <dt>Kernel</dt>
        <dd>{node.kernel ?? UNKNOWN}</dd>
        <dt>Proxmox VE</dt>
        <dd>{node.version ?? UNKNOWN}</dd>
      </dl>
    </section>
  )
}

function GuestsHere({ cluster, node }: { cluster: string; node: string }) {
  const guests = useCluster((whole) => whole.guests)
  const here = useMemo(
    () =>
      [...(guests?.values() ?? [])]
        .filter((guest) => guest.node === node)
        .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })),
    [guests, node],
  )
  return (
    <section className="panel detail-facts">
      <h2>Guests here, {here.length}</h2>
      <ul className="detail-guests">
        {here.map((guest) => {
          const state = guest.missing ? 'missing' : guest.status
          return (
            <li key={guest.vmid}>
              <a href={path('c', cluster, 'guest', guest.vmid)}>
                <Mark {...look(state)} label={state} />
                <span className="cut">{guest.name}</span>
                <span className="mono dim">{guest.vmid}</span>
              </a>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

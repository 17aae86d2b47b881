import { memo, useState } from 'react'
import type { NodeView } from '../../contract/hubs.gen.ts'
import { bytes, clock, percent, share, UNKNOWN } from '../../lib/format.ts'
import { path } from '../../lib/match.ts'
import { useTrends } from '../../stores/trends.ts'
import { Gauge } from '../../ui/Bar.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Spark } from '../../ui/Spark.tsx'
import { look } from '../../ui/states.ts'
import { Uptime } from './Uptime.tsx'

interface Props {
  readonly cluster: string
  readonly node: NodeView
}

export const NodeCard = memo(function NodeCard({ cluster, node }: Props) {
  const [open, setOpen] = useState(false)
  const state = node.missing ? 'missing' : node.status
  const up = state === 'online'
  const body = `node-${node.name}`
  return (
    <li className="node" data-state={state} data-node={node.name}>
      <div className="node-head">
        <Mark {...look(state)} label={state} />
        <a
          className="node-name cut"
          href={path('c', cluster, 'node', node.name)}
          aria-label={`${node.name}, ${state}`}
        >
          {node.name}
        </a>
        <span className="node-state">{up ? <Uptime startedAt={node.startedAt} /> : state}</span>
        <button
          type="button"
          className="node-more"
          aria-expanded={open}
          aria-controls={body}
          aria-label={`${open ? 'Less' : 'More'} about ${node.name}`}
          onClick={() => setOpen(!open)}
        >
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <path d="M2 3.5l3 3l3-3" fill="none" stroke="currentColor" strokeWidth="1.5" />
          </svg>
        </button>
      </div>
      {up ? <Numbers cluster={cluster} node={node} /> : <LastSeen node={node} />}
      <div id={body} hidden={!open}>
        {open && <Details node={node} />}
      </div>
    </li>
  )
})

function Numbers({ cluster, node }: Props) {
  const trend = useTrends((state) => state.all[cluster]?.nodes.get(node.name)?.cpu)
  const memory = share(node.memory, node.maxMemory)
  return (
    <div className="node-numbers">
      <Gauge label="CPU" fraction={node.cpu} value={percent(node.cpu)} />
      <Gauge label="Memory" fraction={memory} value={percent(memory)} />
      <div className="node-spark">
        <Spark values={trend ?? []} slots={30} label={`CPU of ${node.name} since this page was opened`} />
      </div>
    </div>
  )
}

const LastSeen = ({ node }: { node: NodeView }) => (
  <p className="node-last">
    {node.missing ? 'Proxmox no longer lists it. ' : ''}Last seen {clock(node.observedAt)}
  </p>
)

const of = (used: number | null, total: number | null) => `${bytes(used)} of ${bytes(total)}`

const Details = ({ node }: { node: NodeView }) => (
  <dl className="facts node-details">
    <dt>Cores</dt>
    <dd>{node.maxCpu ?? UNKNOWN}</dd>
    <dt>Memory</dt>
    <dd>{of(node.memory, node.maxMemory)}</dd>
    <dt>Swap</dt>
    <dd>{of(node.swap, node.maxSwap)}</dd>
    <dt>Root disk</dt>
    <dd>{of(node.rootUsed, node.rootTotal)}</dd>
    <dt>Waiting for disks</dt>
    <dd>{percent(node.ioWait)}</dd>
    <dt>Load</dt>
    <dd>{node.load?.map((value) => value.toFixed(2)).join(' ') ?? UNKNOWN}</dd>
    <dt>Version</dt>
    <dd>{node.version ?? UNKNOWN}</dd>
  </dl>
)

import { memo, useMemo, useState } from 'react'
import type { NodeView } from '../../contract/hubs.gen.ts'
import { clock, percent, share, usedOf } from '../../lib/format.ts'
import { path } from '../../lib/match.ts'
import { useTrends } from '../../stores/trends.ts'
import { useHistory } from '../../stores/useHistory.ts'
import { useSince } from '../../stores/useSince.ts'
import { Gauge } from '../../ui/Bar.tsx'
import { Facts } from '../../ui/Facts.tsx'
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
      {up ? <Numbers cluster={cluster} node={node} /> : <Gone cluster={cluster} node={node} state={state} />}
      <div id={body} hidden={!open}>
        {open && <Details node={node} />}
      </div>
    </li>
  )
})

const SLOTS = 60

/** What has arrived here, preceded by what the server remembered when it was asked. */
const recent = (past: readonly (number | null)[], trend: readonly (number | null)[]) =>
  [...past, ...trend].slice(-SLOTS)

function Numbers({ cluster, node }: Props) {
  const trend = useTrends((state) => state.all[cluster]?.nodes.get(node.name)?.cpu)
  const past = useHistory(cluster, `node/${node.name}`, 'hour')?.metrics?.series.cpu
  const line = useMemo(() => recent(past ?? [], trend ?? []), [past, trend])
  const memory = share(node.memory, node.maxMemory)
  return (
    <div className="node-numbers">
      <Gauge label="CPU" fraction={node.cpu} value={percent(node.cpu)} />
      <Gauge label="Memory" fraction={memory} value={percent(memory)} />
      <div className="node-spark">
        <Spark
          values={line}
          slots={Math.max(12, line.length)}
          label={`CPU of ${node.name} over the last minutes`}
        />
      </div>
    </div>
  )
}

function Gone({ cluster, node, state }: Props & { readonly state: string }) {
  const since = useSince(cluster, `node/${node.name}`, state)
  return (
    <p className="node-last">
      {node.missing && 'Proxmox no longer lists it. '}
      {since === null ? `As of ${clock(node.observedAt)}` : `Since ${clock(since)}`}
    </p>
  )
}

const Details = ({ node }: { node: NodeView }) => (
  <div className="node-details">
    <Facts
      rows={[
        ['Cores', node.maxCpu],
        ['Memory', usedOf(node.memory, node.maxMemory)],
        ['Swap', usedOf(node.swap, node.maxSwap)],
        ['Root disk', usedOf(node.rootUsed, node.rootTotal)],
        ['Waiting for disks', percent(node.ioWait)],
        ['Load', node.load?.map((value) => value.toFixed(2)).join(' ') ?? null],
        ['Version', node.version],
      ]}
    />
  </div>
)

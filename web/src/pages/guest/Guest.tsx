import type { PageProps } from '../../app/page.ts'
import type { GuestView } from '../../contract/hubs.gen.ts'
import { bytes, clock, day, percent, rate, share, usedOf } from '../../lib/format.ts'
import { path } from '../../lib/match.ts'
import { useCluster } from '../../stores/clusters.ts'
import { Gauge } from '../../ui/Bar.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Loading, Notice } from '../../ui/Notice.tsx'
import { look } from '../../ui/states.ts'
import { GuestHistory } from './GuestHistory.tsx'
import '../../ui/detail.css'

export default function GuestPage({ cluster, params }: PageProps) {
  const vmid = Number(params.vmid)
  const guest = useCluster((whole) => whole.guests.get(vmid) ?? null)
  const loaded = useCluster(() => true)
  if (!loaded) return <Loading what="the guest" lines={8} />
  if (!guest)
    return (
      <Notice title="No such guest" tone="warn">
        <p>{params.vmid} is not among the guests that this cluster lists.</p>
      </Notice>
    )
  const state = guest.missing ? 'missing' : guest.status
  return (
    <article className="detail">
      <header className="detail-head">
        <Mark {...look(state)} />
        <h1>{guest.name}</h1>
        <span className="detail-state" data-state={state}>
          {state}
        </span>
        <span className="detail-kind">
          {guest.template ? 'template' : guest.type === 'vm' ? 'virtual machine' : 'container'} {guest.vmid}
        </span>
      </header>
      {guest.missing && (
        <p className="detail-note">Proxmox no longer lists it. This is what was last seen.</p>
      )}
      {guest.status === 'unknown' && !guest.missing && (
        <p className="detail-note">Its node does not tell its state, so it may or may not be running.</p>
      )}
      <Gauges guest={guest} />
      <GuestHistory cluster={cluster} vmid={guest.vmid} maxMemory={guest.maxMemory} />
      <About cluster={cluster} guest={guest} />
    </article>
  )
}

function Gauges({ guest }: { guest: GuestView }) {
  const cores = guest.maxCpu === null ? '' : `, ${guest.maxCpu} ${guest.maxCpu === 1 ? 'core' : 'cores'}`
  // Proxmox cannot see into a virtual machine's disk and says nothing, or 0.
  const disk = guest.disk === 0 && guest.type === 'vm' ? null : guest.disk
  return (
    <section className="detail-gauges panel" aria-label="In use">
      <Gauge label={`CPU${cores}`} fraction={guest.cpu} value={percent(guest.cpu)} />
      <Gauge
        label="Memory"
        fraction={share(guest.memory, guest.maxMemory)}
        value={usedOf(guest.memory, guest.maxMemory)}
      />
      <Gauge label="Disk" fraction={share(disk, guest.maxDisk)} value={usedOf(disk, guest.maxDisk)} />
      <dl className="detail-rates">
        <dt>Net in</dt>
        <dd>{rate(guest.netIn)}</dd>
        <dt>Net out</dt>
        <dd>{rate(guest.netOut)}</dd>
        <dt>Disk read</dt>
        <dd>{rate(guest.diskRead)}</dd>
        <dt>Disk write</dt>
        <dd>{rate(guest.diskWrite)}</dd>
      </dl>
    </section>
  )
}

function About({ cluster, guest }: { cluster: string; guest: GuestView }) {
  const started = guest.startedAt === null ? null : `${day(guest.startedAt)} ${clock(guest.startedAt)}`
  return (
    <section className="panel detail-facts">
      <h2>Facts</h2>
      <Facts
        rows={[
          [
            'Node',
            <a key="node" className="detail-link" href={path('c', cluster, 'node', guest.node)}>
              {guest.node}
            </a>,
          ],
          ['Up since', guest.status === 'stopped' ? 'not running' : started],
          ['Memory as the host sees it', bytes(guest.memoryHost)],
          ['Pool', guest.pool ?? 'none'],
          ['High availability', guest.haState ?? 'not managed'],
          ['Lock', guest.lock ?? 'none'],
          ['Tags', guest.tags.length === 0 ? 'none' : <Tags key="tags" tags={guest.tags} />],
        ]}
      />
    </section>
  )
}

const Tags = ({ tags }: { tags: readonly string[] }) =>
  tags.map((tag) => (
    <span key={tag} className="tag">
      {tag}
    </span>
  ))

import { useMemo } from 'react'
import type { GuestView } from '../../contract/hubs.gen.ts'
import { bytes, clock, day, percent, rate, share, usedOf } from '../../lib/format.ts'
import { nodePath } from '../../lib/places.ts'
import { cpu, disk, diskTraffic, memory, network } from '../../parts/history/charts.ts'
import { History } from '../../parts/history/History.tsx'
import { Gauge } from '../../ui/Bar.tsx'
import { Facts } from '../../ui/Facts.tsx'
import type { TabProps } from './Guest.tsx'

// Proxmox cannot see into a virtual machine's disk and says nothing, or 0.
const seesDisk = (guest: GuestView) => guest.type === 'container'

export function Overview({ cluster, guest }: TabProps) {
  const { maxMemory, maxDisk } = guest
  const inside = seesDisk(guest)
  const charts = useMemo(
    () => [cpu, memory(maxMemory), network, diskTraffic, ...(inside ? [disk('Disk', maxDisk)] : [])],
    [maxMemory, maxDisk, inside],
  )
  return (
    <>
      <Gauges guest={guest} />
      <History cluster={cluster} target={`guest/${guest.vmid}`} charts={charts} />
      <About cluster={cluster} guest={guest} />
    </>
  )
}

function Gauges({ guest }: { guest: GuestView }) {
  const cores = guest.maxCpu === null ? '' : `, ${guest.maxCpu} ${guest.maxCpu === 1 ? 'core' : 'cores'}`
  const off = guest.status === 'stopped'
  const used = guest.disk === 0 && !seesDisk(guest) ? null : guest.disk
  return (
    <section className="detail-gauges panel" aria-label="In use">
      <Gauge label={`CPU${cores}`} fraction={guest.cpu} value={off ? 'off' : percent(guest.cpu)} />
      <Gauge
        label="Memory"
        fraction={share(guest.memory, guest.maxMemory)}
        value={off ? `${bytes(guest.maxMemory)} when it runs` : usedOf(guest.memory, guest.maxMemory)}
      />
      <Gauge label="Disk" fraction={share(used, guest.maxDisk)} value={usedOf(used, guest.maxDisk)} />
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

function About({ cluster, guest }: TabProps) {
  const started = guest.startedAt === null ? null : `${day(guest.startedAt)} ${clock(guest.startedAt)}`
  return (
    <section className="panel detail-facts">
      <h2>Facts</h2>
      <Facts
        rows={[
          [
            'Node',
            <a key="node" className="detail-link" href={nodePath(cluster, guest.node)}>
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

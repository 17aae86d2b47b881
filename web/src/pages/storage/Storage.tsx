import { useMemo } from 'react'
import type { PageProps } from '../../app/page.ts'
import type { StorageView } from '../../contract/hubs.gen.ts'
import { percent, share, usedOf } from '../../lib/format.ts'
import { path } from '../../lib/match.ts'
import { nodePath, SHARED } from '../../lib/places.ts'
import { useTitle } from '../../lib/title.ts'
import { disk } from '../../parts/history/charts.ts'
import { History } from '../../parts/history/History.tsx'
import { useCluster } from '../../stores/clusters.ts'
import { Gauge } from '../../ui/Bar.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { NoSuch } from '../../ui/NoSuch.tsx'
import { Loading } from '../../ui/Notice.tsx'
import { look } from '../../ui/states.ts'
import { Content } from './Content.tsx'
import '../../ui/detail.css'

export default function StoragePage({ cluster, params }: PageProps) {
  const { node = '', id: name = '' } = params
  const shared = node === SHARED
  const storage = useCluster((whole) => whole.storages.get(shared ? name : `${node}/${name}`) ?? null)
  const home = useCluster((whole) => whole.header.name)
  const total = storage?.total ?? null
  const charts = useMemo(() => [disk('In use', total)], [total])
  useTitle(shared ? name : `${name} on ${node}`, home)
  if (home === null) return <Loading what={name} lines={8} />
  if (!storage)
    return (
      <NoSuch what="storage" href={path('c', cluster)}>
        <p>
          “{name}”{shared ? '' : ` on ${node}`} is not among the storages that {home} lists.
        </p>
      </NoSuch>
    )
  const state = storage.missing ? 'missing' : storage.status
  return (
    <article className="detail">
      <header className="detail-head">
        <Mark {...look(state)} />
        <h1>{storage.name}</h1>
        <span className="detail-state" data-state={state}>
          {state}
        </span>
        <span className="detail-kind">
          {storage.shared ? 'shared storage' : `storage on ${storage.node}`} · {home}
        </span>
      </header>
      {state !== 'available' && (
        <p className="detail-note">
          {storage.missing
            ? 'Proxmox no longer lists it. This is what was last seen.'
            : storage.used === null
              ? 'It cannot be used now, and how full it is cannot be told.'
              : 'It cannot be used now; the numbers are the last that were known.'}
        </p>
      )}
      <section className="detail-gauges panel" aria-label="In use">
        <Gauge
          label="In use"
          fraction={share(storage.used, storage.total)}
          value={
            storage.used === null
              ? 'unknown'
              : `${usedOf(storage.used, storage.total)}, ${percent(share(storage.used, storage.total))}`
          }
          warn={0.8}
          bad={0.9}
        />
      </section>
      <History cluster={cluster} target={`storage/${storage.id}`} charts={charts} />
      <About cluster={cluster} storage={storage} />
      <Content cluster={cluster} storage={storage} />
    </article>
  )
}

const contents: Readonly<Record<string, string>> = {
  images: 'disks of virtual machines',
  rootdir: 'containers',
  backup: 'backups',
  iso: 'ISO images',
  vztmpl: 'container templates',
  snippets: 'snippets',
  import: 'imports',
}

function About({ cluster, storage }: { cluster: string; storage: StorageView }) {
  return (
    <section className="panel detail-facts">
      <h2>Facts</h2>
      <Facts
        rows={[
          ['Type', storage.type],
          ['Holds', storage.content.map((kind) => contents[kind] ?? kind).join(', ') || 'nothing'],
          [
            'Node',
            storage.node === null ? (
              'shared by the nodes'
            ) : (
              <a key="node" className="detail-link" href={nodePath(cluster, storage.node)}>
                {storage.node}
              </a>
            ),
          ],
        ]}
      />
    </section>
  )
}

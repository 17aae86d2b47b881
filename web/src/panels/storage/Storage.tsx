import { memo, useMemo } from 'react'
import type { StorageView } from '../../contract/hubs.gen.ts'
import { bytes, share } from '../../lib/format.ts'
import { storagePath } from '../../lib/places.ts'
import { useCluster } from '../../stores/clusters.ts'
import { useSight } from '../../stores/useSight.ts'
import { Bar } from '../../ui/Bar.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { look } from '../../ui/states.ts'
import { Unseen } from '../../ui/Unseen.tsx'
import './storage.css'

export default function Storage() {
  const storages = useCluster((cluster) => cluster.storages)
  const key = useCluster((cluster) => cluster.key)
  const { sight, ...why } = useSight('canSeeStorage')
  const sorted = useMemo(
    () =>
      [...(storages?.values() ?? [])].sort(
        (a, b) =>
          Number(b.shared) - Number(a.shared) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id),
      ),
    [storages],
  )
  if (sorted.length === 0 && sight !== 'seen') return <Unseen what="storage" sight={sight} {...why} />
  if (sorted.length === 0)
    return (
      <Notice title="No storage">
        <p>Proxmox answered and listed none.</p>
      </Notice>
    )
  return (
    <ul className="storages">
      {sorted.map((storage) => (
        <StorageRow key={storage.id} cluster={key ?? ''} storage={storage} />
      ))}
    </ul>
  )
}

const StorageRow = memo(function StorageRow({ cluster, storage }: { cluster: string; storage: StorageView }) {
  const state = storage.missing ? 'missing' : storage.status
  const known = state === 'available'
  const used = known ? share(storage.used, storage.total) : null
  return (
    <li className="storage" data-state={state}>
      <Mark {...look(state)} label={state} />
      <a className="storage-name cut" href={storagePath(cluster, storage)}>
        {storage.name} <span className="storage-where">{storage.shared ? 'shared' : storage.node}</span>
      </a>
      <span className="storage-size">
        {known ? `${bytes(storage.used)} / ${bytes(storage.total)}` : state}
      </span>
      <Bar label={`${storage.name} in use`} fraction={used} warn={0.8} bad={0.9} />
    </li>
  )
})

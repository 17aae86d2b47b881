import { useMemo } from 'react'
import { storageContent } from '../../api/proxmox.ts'
import type { StorageView } from '../../contract/hubs.gen.ts'
import type { VolumePage, VolumeView } from '../../contract/rest.gen.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { bytes, count, moment } from '../../lib/format.ts'
import { guestPath } from '../../lib/places.ts'
import { useCluster } from '../../stores/clusters.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Told } from '../../ui/Told.tsx'

interface Props {
  readonly cluster: string
  readonly storage: StorageView
}

export function Content({ cluster, storage }: Props) {
  const asked = useAnswer(`content ${cluster} ${storage.id}`, () =>
    storageContent(cluster, storage.name, storage.node),
  )
  return (
    <section className="panel detail-facts" aria-labelledby="content-title">
      <h2 id="content-title">Content</h2>
      <Told what="its content" asked={asked} lines={8}>
        {(page) =>
          page.items.length === 0 ? (
            <Notice title="Empty">
              <p>Proxmox answered and listed nothing on it.</p>
            </Notice>
          ) : (
            <>
              <Users cluster={cluster} page={page} />
              <Volumes cluster={cluster} page={page} />
            </>
          )
        }
      </Told>
    </section>
  )
}

/** Who takes how much of it, the largest first. */
function Users({ cluster, page }: { cluster: string; page: VolumePage }) {
  const guests = useCluster((whole) => whole.guests)
  const users = useMemo(() => {
    const sums = new Map<number, number>()
    for (const { vmid, bytes: size } of page.items)
      if (vmid !== null) sums.set(vmid, (sums.get(vmid) ?? 0) + (size ?? 0))
    return [...sums].sort(([, a], [, b]) => b - a)
  }, [page])
  if (users.length === 0) return null
  return (
    <>
      <h3 className="detail-sub">Used by {count(users.length, 'guest')}</h3>
      <ul className="detail-guests">
        {users.map(([vmid, size]) => (
          <li key={vmid}>
            <a href={guestPath(cluster, vmid)}>
              <span className="cut">{guests?.get(vmid)?.name ?? 'not in the list'}</span>
              <span className="mono dim">
                {vmid} · {bytes(size)}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}

const shortName = ({ volume }: VolumeView) => volume.slice(volume.indexOf(':') + 1)

const Volumes = ({ cluster, page }: { cluster: string; page: VolumePage }) => (
  <>
    <h3 className="detail-sub">{count(page.items.length, 'volume')}</h3>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
    <div className="table-box table-tall" tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Volume</th>
            <th scope="col">Kind</th>
            <th scope="col">Size</th>
            <th scope="col">Made</th>
            <th scope="col">Guest</th>
          </tr>
        </thead>
        <tbody>
          {page.items.map((volume) => (
            <tr key={volume.volume}>
              <th scope="row">{shortName(volume)}</th>
              <td>
                {volume.kind}
                {volume.format && `, ${volume.format}`}
              </td>
              <td className="table-number">{bytes(volume.bytes)}</td>
              <td>{volume.at === null ? '' : moment(volume.at)}</td>
              <td>
                {volume.vmid !== null && (
                  <a className="detail-link" href={guestPath(cluster, volume.vmid)}>
                    {volume.vmid}
                  </a>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    {page.more && <p className="dim">There is more; these are the newest.</p>}
  </>
)

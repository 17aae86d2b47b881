import { guestBackups } from '../../api/proxmox.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { bytes, clock, day } from '../../lib/format.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Told } from '../../ui/Told.tsx'
import type { TabProps } from './Guest.tsx'

export function Backups({ cluster, guest }: TabProps) {
  const asked = useAnswer(`backups ${cluster} ${guest.vmid}`, () => guestBackups(cluster, guest.vmid))
  return (
    <section className="panel detail-facts" aria-labelledby="backups-title">
      <h2 id="backups-title">Backups</h2>
      <Told what="backups" asked={asked}>
        {(list) =>
          list.length === 0 ? (
            <Notice title="No backups" tone="warn">
              <p>No storage that can be read holds a backup of {guest.name}.</p>
            </Notice>
          ) : (
            <div className="table-box">
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">Made</th>
                    <th scope="col">Size</th>
                    <th scope="col">Storage</th>
                    <th scope="col">Notes</th>
                  </tr>
                </thead>
                <tbody>
                  {[...list]
                    .sort((a, b) => (b.at ?? '').localeCompare(a.at ?? ''))
                    .map((backup) => (
                      <tr key={`${backup.storage} ${backup.volume}`} title={backup.volume}>
                        <th scope="row">
                          {backup.at === null
                            ? 'unknown'
                            : `${day(backup.at)} ${clock(backup.at).slice(0, 5)}`}
                        </th>
                        <td>{bytes(backup.bytes)}</td>
                        <td>{backup.storage}</td>
                        <td>
                          {backup.protected && <span className="tag">protected</span>} {backup.notes}
                        </td>
                      </tr>
                    ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Told>
    </section>
  )
}

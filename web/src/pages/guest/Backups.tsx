import { guestBackups } from '../../api/proxmox.ts'
import type { UnreadStorage } from '../../contract/rest.gen.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { bytes, clock, day } from '../../lib/format.ts'
import { Offers } from '../../parts/acts/Offers.tsx'
import { backupOffers, moreOffersOf } from '../../parts/acts/offers.ts'
import { useMay } from '../../stores/session.ts'
import { useEnded } from '../../stores/useEnded.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Told } from '../../ui/Told.tsx'
import type { TabProps } from './Guest.tsx'

/** What could not be read may hold the newest backup, so it is told before the rest. */
function Unread({ unread }: { unread: readonly UnreadStorage[] }) {
  if (unread.length === 0) return null
  return (
    <Notice title="Not all storages could be read" tone="warn">
      <p>They may hold more backups than are listed here.</p>
      <ul>
        {unread.map((one) => (
          <li key={one.storage}>
            {one.storage}: {one.why}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

export function Backups({ cluster, guest }: TabProps) {
  const asked = useAnswer(`backups ${cluster} ${guest.vmid}`, () => guestBackups(cluster, guest.vmid))
  const may = useMay('operator')
  useEnded(asked.reload)
  const now = moreOffersOf(cluster, guest).filter(({ tool }) => tool === 'backup_guest')
  return (
    <section className="panel detail-facts" aria-labelledby="backups-title">
      <div className="detail-title">
        <h2 id="backups-title">Backups</h2>
        <Offers label={`Make a backup of ${guest.name}`} offers={now} />
      </div>
      <Told what="backups" asked={asked}>
        {(list) => (
          <>
            <Unread unread={list.unread} />
            {list.items.length === 0 ? (
              <Notice title={list.unread.length === 0 ? 'No backups' : 'No backups found'} tone="warn">
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
                      {may && <th scope="col">Actions</th>}
                    </tr>
                  </thead>
                  <tbody>
                    {[...list.items]
                      .sort((a, b) => (b.at ?? '').localeCompare(a.at ?? ''))
                      .map((backup) => (
                        <tr key={`${backup.storage} ${backup.volume}`} title={backup.volume}>
                          <th scope="row">
                            {backup.at === null
                              ? 'unknown'
                              : `${day(backup.at)} ${clock(backup.at).slice(0, 5)}`}
                          </th>
                          <td className="table-number">{bytes(backup.bytes)}</td>
                          <td>{backup.storage}</td>
                          <td>
                            {backup.protected && <span className="tag">protected</span>} {backup.notes}
                          </td>
                          {may && (
                            <td>
                              <Offers
                                label={`What can be done with ${backup.volume}`}
                                offers={backupOffers(cluster, guest, backup)}
                              />
                            </td>
                          )}
                        </tr>
                      ))}
                  </tbody>
                </table>
              </div>
            )}
          </>
        )}
      </Told>
    </section>
  )
}

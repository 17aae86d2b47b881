import { guestSnapshots } from '../../api/proxmox.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { clock, day } from '../../lib/format.ts'
import { Offers } from '../../parts/acts/Offers.tsx'
import { snapshotOffers } from '../../parts/acts/offers.ts'
import { useEnded } from '../../stores/useEnded.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Told } from '../../ui/Told.tsx'
import type { TabProps } from './Guest.tsx'
import { NewSnapshot } from './NewSnapshot.tsx'
import { type Branch, tree } from './tree.ts'

export function Snapshots({ cluster, guest }: TabProps) {
  const asked = useAnswer(`snapshots ${cluster} ${guest.vmid}`, () => guestSnapshots(cluster, guest.vmid))
  useEnded(asked.reload)
  return (
    <section className="panel detail-facts" aria-labelledby="snapshots-title">
      <div className="detail-title">
        <h2 id="snapshots-title">Snapshots</h2>
        <NewSnapshot cluster={cluster} guest={guest} />
      </div>
      <Told what="snapshots" asked={asked}>
        {(list) =>
          list.every(({ current }) => current) ? (
            <Notice title="No snapshots">
              <p>None was taken of {guest.name}.</p>
            </Notice>
          ) : (
            <Branches branches={tree(list)} cluster={cluster} guest={guest} />
          )
        }
      </Told>
    </section>
  )
}

const Branches = ({ branches, cluster, guest }: TabProps & { branches: readonly Branch[] }) => (
  <ul className="tree">
    {branches.map(({ snapshot, children }) => (
      <li key={snapshot.name}>
        {snapshot.current ? (
          <p className="tree-now">
            <Mark shape="disc" tone="accent" /> now
          </p>
        ) : (
          <>
            <p>
              <Mark shape="ring" tone="info" /> <b>{snapshot.name}</b>
              {snapshot.memory && <span className="tag">with memory</span>}
              <span className="mono dim">
                {snapshot.at === null
                  ? 'time unknown'
                  : `${day(snapshot.at)} ${clock(snapshot.at).slice(0, 5)}`}
              </span>
              {snapshot.description && <span className="tree-words">{snapshot.description}</span>}
            </p>
            <Offers
              label={`What can be done with ${snapshot.name}`}
              offers={snapshotOffers(cluster, guest, snapshot.name)}
            />
          </>
        )}
        {children.length > 0 && <Branches branches={children} cluster={cluster} guest={guest} />}
      </li>
    ))}
  </ul>
)

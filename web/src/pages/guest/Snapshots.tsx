import { guestSnapshots } from '../../api/proxmox.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { clock, day } from '../../lib/format.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Told } from '../../ui/Told.tsx'
import type { TabProps } from './Guest.tsx'
import { type Branch, tree } from './tree.ts'

export function Snapshots({ cluster, guest }: TabProps) {
  const asked = useAnswer(`snapshots ${cluster} ${guest.vmid}`, () => guestSnapshots(cluster, guest.vmid))
  return (
    <section className="panel detail-facts" aria-labelledby="snapshots-title">
      <h2 id="snapshots-title">Snapshots</h2>
      <Told what="snapshots" asked={asked}>
        {(list) =>
          list.every(({ current }) => current) ? (
            <Notice title="No snapshots">
              <p>None was taken of {guest.name}.</p>
            </Notice>
          ) : (
            <Branches branches={tree(list)} />
          )
        }
      </Told>
    </section>
  )
}

const Branches = ({ branches }: { branches: readonly Branch[] }) => (
  <ul className="tree">
    {branches.map(({ snapshot, children }) => (
      <li key={snapshot.name}>
        {snapshot.current ? (
          <p className="tree-now">
            <Mark shape="disc" tone="accent" /> now
          </p>
        ) : (
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
        )}
        {children.length > 0 && <Branches branches={children} />}
      </li>
    ))}
  </ul>
)

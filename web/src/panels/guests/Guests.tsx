import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import type { GuestView } from '../../contract/hubs.gen.ts'
import { ask } from '../../stores/acts.ts'
import { useCluster } from '../../stores/clusters.ts'
import { useMay } from '../../stores/session.ts'
import { useSight } from '../../stores/useSight.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Unseen } from '../../ui/Unseen.tsx'
import { Filters } from './Filters.tsx'
import { GuestList } from './GuestList.tsx'
import { anything, choices, select } from './select.ts'
import './guests.css'

const nobody: ReadonlyMap<number, GuestView> = new Map()

export default function Guests() {
  const guests = useDeferredValue(useCluster((cluster) => cluster.guests))
  const key = useCluster((cluster) => cluster.key)
  const may = useMay('operator')
  const { sight, ...why } = useSight('canSeeGuests')
  const [wish, setWish] = useState(anything)
  const wished = useDeferredValue(wish)
  const before = useRef<readonly GuestView[]>([])
  const rows = useMemo(() => select(guests ?? nobody, wished, before.current), [guests, wished])
  useEffect(() => {
    before.current = rows
  }, [rows])
  const offered = useMemo(() => choices(guests?.values() ?? []), [guests])
  if (!guests?.size && sight !== 'seen') return <Unseen what="guests" sight={sight} {...why} />
  if (!guests?.size || key === null)
    return (
      <Notice title="No guests">
        <p>Proxmox answered and listed no virtual machine and no container.</p>
      </Notice>
    )
  return (
    <div className="guests">
      <Filters
        wish={wish}
        offered={offered}
        shown={rows.length}
        total={guests.size}
        onWish={setWish}
        onChoose={
          may
            ? () =>
                ask({
                  kind: 'guests',
                  cluster: key,
                  vmids: rows.filter((row) => !row.template).map(({ vmid }) => vmid),
                })
            : null
        }
      />
      {rows.length > 0 ? (
        <GuestList cluster={key} guests={rows} />
      ) : (
        <Notice title="Nothing matches">
          <button type="button" className="btn" onClick={() => setWish({ ...anything, sort: wish.sort })}>
            Clear the filters
          </button>
        </Notice>
      )}
    </div>
  )
}

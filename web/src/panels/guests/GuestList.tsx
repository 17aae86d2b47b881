import { type KeyboardEvent, useCallback, useRef, useState } from 'react'
import type { GuestView } from '../../contract/hubs.gen.ts'
import { match, path } from '../../lib/match.ts'
import { ask } from '../../stores/acts.ts'
import { useLayout } from '../../stores/layout.ts'
import { navigate, useLocation } from '../../stores/location.ts'
import { useMay } from '../../stores/session.ts'
import { useWindowed } from '../../ui/useWindowed.ts'
import { COMPACT_ROW, GuestRow, ROW, rowId } from './GuestRow.tsx'

interface Props {
  readonly cluster: string
  readonly guests: readonly GuestView[]
}

const PAGE = 10

const hasThumbs = () => matchMedia('(pointer: coarse), (max-width: 767px)').matches

const steps: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + PAGE,
  PageUp: (at) => at - PAGE,
  Home: () => 0,
  End: (_, last) => last,
}

export function GuestList({ cluster, guests }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<number | null>(null)
  const compact = useLayout((layout) => layout.density === 'compact')
  const tall = compact && !hasThumbs() ? COMPACT_ROW : ROW
  const { start, end, height } = useWindowed(box, guests.length, tall)
  const opened = useLocation((location) => match('/c/:cluster/guest/:vmid', location.path)?.vmid)

  const open = useCallback(
    (vmid: number) => {
      setActive(vmid)
      navigate(path('c', cluster, 'guest', vmid))
    },
    [cluster],
  )

  const may = useMay('operator')
  const choose = useCallback(
    (vmid: number) => {
      setActive(vmid)
      if (may) ask({ kind: 'guests', cluster, vmids: [vmid] })
    },
    [cluster, may],
  )

  function press(event: KeyboardEvent) {
    const step = steps[event.key]
    if (event.key === 'Enter' && active !== null) return open(active)
    if (event.key === 'a' && active !== null) {
      event.stopPropagation()
      return choose(active)
    }
    if (!step) return
    event.preventDefault()
    const last = guests.length - 1
    const now = guests.findIndex((guest) => guest.vmid === active)
    const next = Math.max(0, Math.min(last, step(now, last)))
    setActive(guests[next]?.vmid ?? null)
    keepInView(box.current, next, tall)
  }

  const shown = guests.slice(start, end)
  const inView = shown.some((guest) => guest.vmid === active)
  return (
    <div
      ref={box}
      className="guest-list"
      role="listbox"
      aria-label="Guests"
      tabIndex={0}
      aria-activedescendant={active !== null && inView ? rowId(active) : undefined}
      onKeyDown={press}
    >
      <div className="guest-space" role="presentation" style={{ height }}>
        {shown.map((guest, i) => (
          <GuestRow
            key={guest.vmid}
            guest={guest}
            index={start + i}
            tall={tall}
            total={guests.length}
            active={guest.vmid === active}
            current={String(guest.vmid) === opened}
            onOpen={open}
            onChoose={may ? choose : null}
          />
        ))}
      </div>
    </div>
  )
}

function keepInView(box: HTMLElement | null, row: number, tall: number) {
  if (!box) return
  const top = row * tall
  if (top < box.scrollTop) box.scrollTop = top
  else if (top + tall > box.scrollTop + box.clientHeight) box.scrollTop = top + tall - box.clientHeight
}

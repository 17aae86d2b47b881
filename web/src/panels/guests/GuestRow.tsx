import { memo } from 'react'
import type { GuestView } from '../../contract/hubs.gen.ts'
import { bytes, percent } from '../../lib/format.ts'
import { Mark } from '../../ui/Mark.tsx'
import { look } from '../../ui/states.ts'
import { stateOf } from './select.ts'

export const ROW = 44
export const COMPACT_ROW = 36

interface Props {
  readonly guest: GuestView
  readonly index: number
  /** Its height, in pixels. */
  readonly tall: number
  readonly total: number
  readonly active: boolean
  readonly current: boolean
  readonly onOpen: (vmid: number) => void
  /** Asks what to do with it; null for who may only look. */
  readonly onChoose: ((vmid: number) => void) | null
}

export const rowId = (vmid: number): string => `guest-row-${vmid}`

const labelOf = (guest: GuestView, state: string) =>
  `${guest.name}, ${guest.vmid}, ${guest.type === 'vm' ? 'virtual machine' : 'container'}, ${state}, on ${guest.node}` +
  (state === 'running' ? `, CPU ${percent(guest.cpu)}, memory ${bytes(guest.memory)}` : '')

// Focus stays on the list, which moves the active row by keyboard.
export const GuestRow = memo(function GuestRow({
  guest,
  index,
  tall,
  total,
  active,
  current,
  onOpen,
  onChoose,
}: Props) {
  const state = guest.template ? 'template' : stateOf(guest)
  return (
    <div
      id={rowId(guest.vmid)}
      className="guest"
      role="option"
      tabIndex={-1}
      aria-label={labelOf(guest, state)}
      aria-selected={current}
      aria-posinset={index + 1}
      aria-setsize={total}
      data-active={active}
      data-state={state}
      data-vmid={guest.vmid}
      style={{ height: tall, transform: `translateY(${index * tall}px)` }}
      onClick={() => onOpen(guest.vmid)}
      onKeyDown={undefined}
      onContextMenu={(event) => {
        if (!onChoose) return
        event.preventDefault()
        onChoose(guest.vmid)
      }}
    >
      {guest.template ? <Mark shape="ring" tone="off" /> : <Mark {...look(state)} />}
      <span className="guest-name cut">{guest.name}</span>
      <span className="guest-cpu">{state === 'running' ? percent(guest.cpu) : state}</span>
      <span className="guest-about cut">
        {guest.vmid} · {guest.node} · {guest.type === 'vm' ? 'VM' : 'CT'}
        {guest.lock && ` · ${guest.lock}`}
        {guest.tags.length > 0 && ` · ${guest.tags.join(' ')}`}
      </span>
      <span className="guest-memory">{state === 'running' ? bytes(guest.memory) : ''}</span>
    </div>
  )
})

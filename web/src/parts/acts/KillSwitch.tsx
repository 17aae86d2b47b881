import { turnKillSwitch } from '../../hub/act.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { moment } from '../../lib/format.ts'
import { useHold } from '../../lib/hold.ts'
import { useGate } from '../../stores/gate.ts'
import { useMay, useSession } from '../../stores/session.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Popover } from '../../ui/Popover.tsx'
import { Refused } from '../../ui/Refused.tsx'
import './kill.css'

const HOLD = 1_200

/** Stops everything that changes something; anybody who may act can stop it, an administrator lets it go on. */
export function KillSwitch() {
  const kill = useGate((gate) => gate.kill)
  const stops = useMay('operator')
  const wall = useSession((session) => session.wall)
  if (!kill || wall || !stops) return null
  return (
    <Popover
      label={kill.active ? 'Kill switch, on' : 'Kill switch, off'}
      className={kill.active ? 'chip chip-kill chip-killed' : 'chip chip-kill'}
      face={
        <>
          <Mark shape={kill.active ? 'cross' : 'bars'} tone={kill.active ? 'bad' : 'info'} />
          <span className="kill-word" aria-hidden="true">
            {kill.active ? 'Stopped' : 'Stop'}
          </span>
        </>
      }
    >
      <Sheet active={kill.active} by={kill.by} at={kill.at} />
    </Popover>
  )
}

function Sheet({ active, by, at }: { active: boolean; by: string | null; at: string | null }) {
  const admin = useMay('admin')
  const order = useOrder()
  const hold = useHold(HOLD, () => void order.run(() => turnKillSwitch(!active)))
  const may = !active || admin
  return (
    <div className="kill-sheet">
      <h2 className="sheet-title">Kill switch</h2>
      <p>
        {active
          ? `It is on${by ? `: ${by}` : ''}${at ? `, ${moment(at)}` : ''}. Nothing may be changed, by nobody and nothing. Looking goes on.`
          : 'It refuses everything that changes something, at once and for everybody, and cancels what runs. Looking goes on.'}
      </p>
      {may ? (
        <button
          type="button"
          className="btn btn-danger kill-hold"
          data-holding={hold.holding}
          disabled={order.busy}
          onPointerDown={hold.down}
          onPointerUp={hold.up}
          onPointerLeave={hold.up}
          onKeyDown={({ key }) => (key === 'Enter' || key === ' ') && hold.down()}
          onKeyUp={hold.up}
          onBlur={hold.up}
          onContextMenu={(event) => event.preventDefault()}
        >
          {active ? 'Hold to let it go on' : 'Hold to stop everything'}
        </button>
      ) : (
        <p className="dim">An administrator lets it go on.</p>
      )}
      <Refused refusal={order.refusal} />
    </div>
  )
}

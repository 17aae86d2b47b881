import type { BreakGlassView } from '../../contract/rest.gen.ts'
import { mendTheGlass } from '../../hub/act.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { clock, duration } from '../../lib/format.ts'
import { useClock } from '../../stores/clock.ts'
import { useGate } from '../../stores/gate.ts'
import { useMay } from '../../stores/session.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Refused } from '../../ui/Refused.tsx'

/** Says to everybody that somebody acts without being asked: who, why and for how much longer. */
export function GlassBar() {
  const glasses = useGate((gate) => gate.glasses)
  return glasses.map((glass) => <One key={`${glass.user} ${glass.until}`} glass={glass} />)
}

function One({ glass: { user, reason, until, yours } }: { glass: BreakGlassView }) {
  const left = useClock(({ now }) => Math.ceil((Date.parse(until) - now) / 1_000))
  const ends = useMay('operator')
  const { busy, refusal, run } = useOrder()
  if (left <= 0) return null
  return (
    <div className="banner" data-tone="bad">
      <Mark shape="triangle" tone="bad" />
      <p>
        <strong>The glass is broken.</strong> {yours ? 'Your own' : `${user}’s`} RED and ORANGE calls are not
        asked about until {clock(until)}: “{reason}”{' '}
        {/* Told once with the rest; a second hand must not be read out. */}
        <span className="mono dim" aria-hidden="true">
          {duration(left)} left
        </span>
      </p>
      <Refused refusal={refusal} />
      {ends && (
        <button type="button" className="btn" disabled={busy} onClick={() => void run(mendTheGlass)}>
          {busy ? 'Ending…' : 'End now'}
        </button>
      )}
    </div>
  )
}

import { clock, day } from '../lib/format.ts'
import { useClock } from '../stores/clock.ts'

export function Clock() {
  const seconds = useClock((state) => Math.floor(state.now / 1_000))
  const at = seconds * 1_000
  return (
    <time className="clock" dateTime={new Date(at).toISOString()}>
      <span>{clock(at)}</span>
      <span className="clock-day">{day(at)}</span>
    </time>
  )
}

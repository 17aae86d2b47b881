import { duration, since } from '../../lib/format.ts'
import { useClock } from '../../stores/clock.ts'

export function Uptime({ startedAt }: { startedAt: string | null }) {
  const words = useClock(({ now }) => duration(since(startedAt, now - (now % 60_000))))
  return <span title="Uptime">up {words}</span>
}

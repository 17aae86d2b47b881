import { useClock } from '../stores/clock.ts'

let running = false

export function startClock(): void {
  if (running) return
  running = true
  setInterval(() => useClock.setState({ now: Date.now() }), 1_000)
}

import type { Live } from '../stores/live.ts'
import type { Shape, Tone } from '../ui/Mark.tsx'

export const liveLooks: Readonly<Record<Live, { shape: Shape; tone: Tone; word: string }>> = {
  connecting: { shape: 'spin', tone: 'info', word: 'Connecting' },
  waiting: { shape: 'spin', tone: 'info', word: 'Waiting' },
  idle: { shape: 'ring', tone: 'off', word: 'Nothing watched' },
  paused: { shape: 'bars', tone: 'info', word: 'Paused' },
  live: { shape: 'disc', tone: 'good', word: 'Live' },
  stale: { shape: 'triangle', tone: 'warn', word: 'Stale' },
  blind: { shape: 'cross', tone: 'bad', word: 'Blind' },
  reconnecting: { shape: 'spin', tone: 'warn', word: 'Reconnecting' },
}

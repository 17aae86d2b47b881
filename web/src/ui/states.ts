import type { Shape, Tone } from './Mark.tsx'

interface Look {
  readonly shape: Shape
  readonly tone: Tone
}

const looks: Readonly<Record<string, Look>> = {
  online: { shape: 'disc', tone: 'good' },
  offline: { shape: 'cross', tone: 'bad' },
  running: { shape: 'disc', tone: 'good' },
  stopped: { shape: 'square', tone: 'off' },
  paused: { shape: 'bars', tone: 'info' },
  suspended: { shape: 'moon', tone: 'info' },
  available: { shape: 'disc', tone: 'good' },
  unavailable: { shape: 'cross', tone: 'bad' },
  missing: { shape: 'triangle', tone: 'warn' },
  info: { shape: 'ring', tone: 'info' },
  warning: { shape: 'triangle', tone: 'warn' },
  error: { shape: 'cross', tone: 'bad' },
  critical: { shape: 'triangle', tone: 'bad' },
  good: { shape: 'disc', tone: 'good' },
  notice: { shape: 'ring', tone: 'info' },
  ok: { shape: 'disc', tone: 'good' },
  healthy: { shape: 'disc', tone: 'good' },
  degraded: { shape: 'triangle', tone: 'warn' },
  unhealthy: { shape: 'cross', tone: 'bad' },
  failed: { shape: 'cross', tone: 'bad' },
}

const unknown: Look = { shape: 'question', tone: 'warn' }

export const look = (state: string): Look => looks[state] ?? unknown

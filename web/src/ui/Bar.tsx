import { percent } from '../lib/format.ts'

const toneOf = (fraction: number | null, warn: number, bad: number) => {
  if (fraction === null) return 'unknown'
  if (fraction >= bad) return 'bad'
  return fraction >= warn ? 'warn' : 'calm'
}

interface Props {
  readonly label: string
  readonly fraction: number | null
  readonly warn?: number
  readonly bad?: number
}

export function Bar({ label, fraction, warn = 0.8, bad = 0.92 }: Props) {
  return (
    <div
      className="bar"
      role="img"
      aria-label={`${label}: ${fraction === null ? 'unknown' : percent(fraction)}`}
      data-tone={toneOf(fraction, warn, bad)}
    >
      {fraction !== null && (
        <div className="bar-fill" style={{ transform: `scaleX(${Math.min(1, Math.max(0, fraction))})` }} />
      )}
    </div>
  )
}

/** A bar with its name and its value in words. */
export function Gauge({ label, value, ...bar }: Props & { readonly value: string }) {
  return (
    <div className="gauge">
      <span className="gauge-label">{label}</span>
      <span className="gauge-value">{bar.fraction === null && value === '—' ? 'unknown' : value}</span>
      <Bar label={label} {...bar} />
    </div>
  )
}

import { clock } from '../lib/format.ts'

export interface Line {
  readonly name: string
  readonly tone: 'accent' | 'plain' | 'good'
  readonly values: readonly (number | null)[]
}

interface Props {
  readonly label: string
  /** Seconds since 1970, as many as there are values. */
  readonly times: readonly number[]
  readonly lines: readonly Line[]
  readonly format: (value: number | null) => string
  /** The top of the scale; without it the largest value is. */
  readonly top?: number
}

const W = 400
const H = 100

/** Unknown moments are gaps, never zeros. */
function trace(times: readonly number[], values: readonly (number | null)[], top: number): string {
  const first = times[0] ?? 0
  const span = Math.max(1, (times.at(-1) ?? 1) - first)
  let pen = false
  return values
    .map((value, i) => {
      const time = times[i]
      if (value === null || time === undefined) {
        pen = false
        return ''
      }
      const command = pen ? 'L' : 'M'
      pen = true
      const x = ((time - first) / span) * W
      const y = H - Math.min(1, Math.max(0, value / top)) * (H - 2) - 1
      return `${command}${x.toFixed(1)} ${y.toFixed(1)}`
    })
    .join('')
}

const largest = (lines: readonly Line[]) =>
  lines.reduce((most, line) => line.values.reduce<number>((max, value) => Math.max(max, value ?? 0), most), 0)

/** The curve begins where knowledge does. */
function begun(times: readonly number[], lines: readonly Line[]) {
  const first = times.findIndex((_, i) => lines.some((line) => (line.values[i] ?? null) !== null))
  if (first <= 0) return { times, lines }
  return {
    times: times.slice(first),
    lines: lines.map((line) => ({ ...line, values: line.values.slice(first) })),
  }
}

export function Chart({ label, format, top, ...given }: Props) {
  const { times, lines } = begun(given.times, given.lines)
  const scale = top ?? Math.max(largest(lines) * 1.15, Number.MIN_VALUE)
  return (
    <figure className="chart" aria-label={label}>
      <figcaption>
        {lines.map((line) => (
          <span key={line.name} className={`chart-key tone-${line.tone}`}>
            <i />
            <span>{line.name}</span>
            <b>{format(line.values.at(-1) ?? null)}</b>
          </span>
        ))}
      </figcaption>
      <div className="chart-field">
        <svg viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="none" aria-hidden="true">
          {[0.25, 0.5, 0.75].map((at) => (
            <path key={at} className="chart-grid" d={`M0 ${H * at}H${W}`} />
          ))}
          {lines.map((line) => (
            <path
              key={line.name}
              className={`chart-line tone-${line.tone}`}
              d={trace(times, line.values, scale)}
            />
          ))}
        </svg>
        <span className="chart-top">{format(scale)}</span>
      </div>
      <div className="chart-times">
        <span>{times[0] === undefined ? '' : clock(times[0] * 1_000).slice(0, 5)}</span>
        <span>{times.length < 2 ? 'gathering' : clock((times.at(-1) ?? 0) * 1_000).slice(0, 5)}</span>
      </div>
    </figure>
  )
}

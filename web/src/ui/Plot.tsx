import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { clock, day } from '../lib/format.ts'
import { withGaps } from '../lib/series.ts'
import { PlotTable } from './PlotTable.tsx'
import { type PlotLine, type Plotted, plot } from './plot.ts'
import './plot.css'

interface Props {
  readonly label: string
  /** Seconds since 1970, as many as there are values. */
  readonly times: readonly number[]
  /** Seconds from one moment to the next. */
  readonly step: number
  /** The moment that the curve would reach if nothing had stopped, in seconds since 1970. */
  readonly until: number
  readonly lines: readonly PlotLine[]
  readonly format: (value: number | null) => string
  readonly top?: number
  readonly group: string
  /** Another word draws anew, in the colours of now. */
  readonly look: string
}

const moment = (seconds: number | undefined) =>
  seconds === undefined ? '' : `${day(seconds * 1_000)} ${clock(seconds * 1_000).slice(0, 5)}`

/** The record's last slots may not be filled yet, and it is read once a minute. */
const LATE_STEPS = 2
const LATE = 60

const strides: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -20,
  PageDown: 20,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

/** Curves with a crosshair that mouse and arrow keys move; the same as a table for whoever cannot see them. */
export function Plot({ label, format, top, group, look, step, until, ...given }: Props) {
  const id = useId()
  const host = useRef<HTMLDivElement>(null)
  const drawn = useRef<Plotted>(null)
  const [at, setAt] = useState<number | null>(null)
  const { times, lines } = useMemo(() => {
    const whole = withGaps(
      given.times,
      given.lines.map((line) => line.values),
      step,
    )
    return {
      times: whole.times,
      lines: given.lines.map((line, i) => ({ ...line, values: whole.values[i] ?? [] })),
    }
  }, [given.times, given.lines, step])
  const names = lines.map(({ name, tone }) => `${name} ${tone}`).join()

  // biome-ignore lint/correctness/useExhaustiveDependencies: new values are shown below without drawing anew
  useEffect(() => {
    if (!host.current) return
    const made = plot(host.current, { times, lines, format, top, group, onCursor: setAt })
    drawn.current = made
    return () => {
      drawn.current = null
      made.end()
    }
  }, [names, format, top, group, look])
  useEffect(() => drawn.current?.show(times, lines), [times, lines])

  // The newest moment of which anything is known; what is old is shown with its own time.
  const known = Math.max(...lines.map((line) => line.values.findLastIndex((each) => each !== null)))
  const newest = known < 0 ? times.length - 1 : known
  const place = at ?? newest
  const value = (line: PlotLine) => line.values[place] ?? null
  const isLatest = at === null && until - (times[newest] ?? 0) <= LATE_STEPS * step + LATE
  const said = lines.map((line) => `${line.name} ${value(line) === null ? 'unknown' : format(value(line))}`)

  function move(event: KeyboardEvent) {
    const stride = strides[event.key]
    if (stride === undefined) return
    event.preventDefault()
    drawn.current?.point(Math.min(times.length - 1, Math.max(0, place + stride)))
  }

  return (
    <figure className="plot">
      <figcaption id={id}>
        <span className="plot-name">{label}</span>
        <span className="plot-keys">
          {lines.map((line) => (
            <span key={line.name} className={`chart-key tone-${line.tone}`}>
              <i />
              <span>{line.name}</span>
              <b>{format(value(line))}</b>
            </span>
          ))}
        </span>
        <span className="plot-at mono">{isLatest ? 'latest' : moment(times[place])}</span>
      </figcaption>
      <div
        ref={host}
        className="plot-field"
        role="slider"
        tabIndex={0}
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, times.length - 1)}
        aria-valuenow={Math.max(0, place)}
        aria-valuetext={`${moment(times[place])}: ${said.join(', ')}`}
        onKeyDown={move}
        onBlur={() => drawn.current?.point(null)}
      />
      <PlotTable label={label} times={times} lines={lines} format={format} />
    </figure>
  )
}

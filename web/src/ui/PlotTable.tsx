import { useState } from 'react'
import { clock, day } from '../lib/format.ts'
import { thinned } from '../lib/series.ts'
import type { PlotLine } from './plot.ts'

const MOST = 60

interface Props {
  readonly label: string
  readonly times: readonly number[]
  readonly lines: readonly PlotLine[]
  readonly format: (value: number | null) => string
}

export function PlotTable({ label, times, lines, format }: Props) {
  const [open, setOpen] = useState(false)
  return (
    <details className="plot-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        As a table<span className="sr-only">: {label}</span>
      </summary>
      {open && (
        <div className="plot-rows">
          <table>
            <caption className="sr-only">{label}</caption>
            <thead>
              <tr>
                <th scope="col">Time</th>
                {lines.map((line) => (
                  <th key={line.name} scope="col">
                    {line.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {thinned(times.length, MOST).map((i) => (
                <tr key={times[i]}>
                  <th scope="row">
                    {day((times[i] ?? 0) * 1_000)} {clock((times[i] ?? 0) * 1_000).slice(0, 5)}
                  </th>
                  {lines.map((line) => (
                    <td key={line.name}>{format(line.values[i] ?? null)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  )
}

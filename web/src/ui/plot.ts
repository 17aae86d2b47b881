import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { onResize, token } from '../lib/canvas.ts'
import { clock, day } from '../lib/format.ts'

export interface PlotLine {
  readonly name: string
  readonly tone: 'accent' | 'plain' | 'good' | 'info'
  readonly values: readonly (number | null)[]
}

interface Drawing {
  readonly times: readonly number[]
  readonly lines: readonly PlotLine[]
  readonly format: (value: number | null) => string
  /** The top of the scale; without it the largest value is. */
  readonly top: number | undefined
  /** Plots of one group move their crosshairs together. */
  readonly group: string
  readonly onCursor: (index: number | null) => void
}

export interface Plotted {
  readonly point: (index: number | null) => void
  readonly show: (times: readonly number[], lines: readonly PlotLine[]) => void
  readonly end: () => void
}

const colours = { accent: '--accent', plain: '--text', good: '--green', info: '--cyan' } as const
const DAY = 86_400
const HEIGHT = 170
// Ticks that read well: shares of one, and bytes by the thousand and twenty-four.
const shares = [0.05, 0.1, 0.25, 0.5, 1]
const doublings = Array.from({ length: 60 }, (_, power) => 2 ** power)

const dataOf = (times: readonly number[], lines: readonly PlotLine[]) =>
  [[...times], ...lines.map((line) => [...line.values])] as uPlot.AlignedData

/** The time of day, and the date where one begins or the steps are days. */
const tick = (seconds: number, step: number) => {
  const time = clock(seconds * 1_000).slice(0, 5)
  return step >= DAY || time === '00:00' ? day(seconds * 1_000).slice(5) : time
}

function options({ lines, format, top, group, onCursor }: Drawing, width: number): uPlot.Options {
  const axis = {
    stroke: token('--soft'),
    font: `11px ${token('--mono')}`,
    grid: { stroke: token('--line'), width: 1 },
    ticks: { show: false },
  }
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    padding: [8, 18, 0, 0],
    cursor: {
      sync: { key: group },
      drag: { x: false, y: false },
      points: { size: 7 },
    },
    scales: {
      y: {
        range: (_, _least, most) => [0, top ?? Math.max((most ?? 0) * 1.1, 1)],
      },
    },
    axes: [
      {
        ...axis,
        size: 26,
        space: 60,
        values: (_, splits, _axis, _space, step) => splits.map((at) => tick(at, step)),
      },
      {
        ...axis,
        size: 74,
        space: 26,
        incrs: top === 1 ? shares : doublings,
        values: (_, splits) => splits.map((value) => format(value)),
      },
    ],
    series: [
      {},
      ...lines.map(({ name, tone }) => ({
        label: name,
        stroke: token(colours[tone]),
        width: 1.6,
        points: { show: false },
        ...(tone === 'accent'
          ? { fill: `color-mix(in srgb, ${token(colours[tone])} 10%, transparent)` }
          : {}),
      })),
    ],
    hooks: { setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)] },
  }
}

/** Draws into the element and follows its width. */
export function plot(host: HTMLElement, drawing: Drawing): Plotted {
  const data = dataOf(drawing.times, drawing.lines)
  const drawn = new uPlot(options(drawing, Math.max(host.clientWidth, 120)), data, host)
  const stop = onResize(host, () => {
    if (host.clientWidth > 0 && host.clientWidth !== drawn.width)
      drawn.setSize({ width: host.clientWidth, height: HEIGHT })
  })
  return {
    point: (index) => {
      const time = index === null ? undefined : drawn.data[0][index]
      const place =
        time === undefined ? { left: -10, top: -10 } : { left: drawn.valToPos(time, 'x'), top: HEIGHT / 3 }
      // Its third parameter, which the types leave out, moves the others of the group too.
      const move: (place: { left: number; top: number }, fire: boolean, others: boolean) => void =
        drawn.setCursor
      move(place, true, true)
    },
    show: (times, lines) => drawn.setData(dataOf(times, lines)),
    end: () => {
      stop()
      drawn.destroy()
    },
  }
}

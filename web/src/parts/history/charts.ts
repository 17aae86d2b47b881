import { bytes, percent, rate } from '../../lib/format.ts'
import type { PlotLine } from '../../ui/plot.ts'

export interface Chart {
  readonly label: string
  readonly format: (value: number | null) => string
  readonly top?: number
  readonly lines: readonly {
    readonly name: string
    readonly tone: PlotLine['tone']
    readonly series: string
  }[]
}

export const cpu: Chart = {
  label: 'CPU',
  format: percent,
  top: 1,
  lines: [{ name: 'CPU', tone: 'accent', series: 'cpu' }],
}

const ofTotal = (total: number | null) => (total === null ? {} : { top: total })

export const memory = (total: number | null): Chart => ({
  label: 'Memory',
  format: bytes,
  ...ofTotal(total),
  lines: [{ name: 'Used', tone: 'accent', series: 'memory' }],
})

export const disk = (label: string, total: number | null): Chart => ({
  label,
  format: bytes,
  ...ofTotal(total),
  lines: [{ name: 'Used', tone: 'accent', series: 'disk' }],
})

export const network: Chart = {
  label: 'Network',
  format: rate,
  lines: [
    { name: 'In', tone: 'good', series: 'netIn' },
    { name: 'Out', tone: 'plain', series: 'netOut' },
  ],
}

export const diskTraffic: Chart = {
  label: 'Disk traffic',
  format: rate,
  lines: [
    { name: 'Read', tone: 'good', series: 'diskRead' },
    { name: 'Write', tone: 'plain', series: 'diskWrite' },
  ],
}

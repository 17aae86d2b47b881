import { useMemo } from 'react'
import type { MetricsAnswer } from '../../contract/rest.gen.ts'
import { loadMetrics } from '../../hub/metrics.ts'
import { useMetricHistory } from '../../hub/useMetricHistory.ts'
import { useClusters } from '../../stores/clusters.ts'
import { useLook } from '../../stores/look.ts'
import { chooseRange, ranges, useRange } from '../../stores/range.ts'
import { Choices } from '../../ui/Choices.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Plot } from '../../ui/Plot.tsx'
import type { PlotLine } from '../../ui/plot.ts'
import type { Chart } from './charts.ts'
import './history.css'

interface Props {
  readonly cluster: string
  /** `node/NAME`, `guest/VMID` or `storage/ID`. */
  readonly target: string
  readonly charts: readonly Chart[]
}

/** A target's past, in ranges from an hour to a year. */
export function History({ cluster, target, charts }: Props) {
  const range = useRange((state) => state.range)
  const history = useMetricHistory(cluster, target, range)
  const { metrics = null, problem = null } = history ?? {}
  return (
    <section className="panel detail-facts" aria-labelledby="history-title">
      <div className="history-head">
        <h2 id="history-title">History</h2>
        <Choices name="Range" all={ranges} chosen={range} onChoose={chooseRange} />
      </div>
      {!metrics && problem === null && <Waiting what={`the last ${range}`} charts={charts} />}
      {!metrics && problem !== null && (
        <Notice title="No history" tone="warn">
          <p>{problem}</p>
          <button
            type="button"
            className="btn"
            onClick={() => void loadMetrics(cluster, target, range, true)}
          >
            Try again
          </button>
        </Notice>
      )}
      {metrics && <Charts metrics={metrics} charts={charts} />}
      {metrics && (
        <p className="history-source">
          {metrics.source === 'proxmox' ? 'From Proxmox’s own record.' : 'From what Jarvis has seen.'}
          {problem !== null && ` The newest part could not be read: ${problem}`}
        </p>
      )}
    </section>
  )
}

/** As high as what is to come, so that nothing below it jumps. */
const Waiting = ({ what, charts }: { what: string; charts: readonly Chart[] }) => (
  <div className="loading history-waiting" role="status">
    <span className="sr-only">Loading {what}</span>
    {charts.map(({ label }) => (
      <i key={label} />
    ))}
  </div>
)

const none: readonly null[] = []

export function Charts({ metrics, charts }: { metrics: MetricsAnswer; charts: readonly Chart[] }) {
  const look = useLook()
  // By the cluster's clock, which is the record's too, and not by the browser's.
  const observed = useClusters(({ all }) => all[metrics.cluster]?.header.observedAt ?? null)
  const until = observed === null ? (metrics.times.at(-1) ?? 0) : Date.parse(observed) / 1_000
  const drawn = useMemo(
    () =>
      charts
        .filter((chart) => chart.lines.some((line) => metrics.series[line.series]))
        .map((chart) => ({
          ...chart,
          lines: chart.lines.map(
            ({ name, tone, series }): PlotLine => ({ name, tone, values: metrics.series[series] ?? none }),
          ),
        })),
    [metrics, charts],
  )
  if (drawn.length === 0)
    return (
      <Notice title="Nothing recorded">
        <p>Nobody kept numbers of it over this time.</p>
      </Notice>
    )
  return (
    <div className="history-charts">
      {drawn.map(({ label, format, top, lines }) => (
        <Plot
          key={label}
          label={label}
          times={metrics.times}
          step={metrics.stepSeconds}
          until={until}
          lines={lines}
          format={format}
          {...(top === undefined ? {} : { top })}
          group={`${metrics.cluster} ${metrics.target}`}
          look={look}
        />
      ))}
    </div>
  )
}

import { useMetricHistory } from '../../hub/useMetricHistory.ts'
import { percent, rate, share } from '../../lib/format.ts'
import { Chart } from '../../ui/Chart.tsx'
import { Loading, Notice } from '../../ui/Notice.tsx'

const none: readonly null[] = []

export function GuestHistory({
  cluster,
  vmid,
  maxMemory,
}: {
  cluster: string
  vmid: number
  maxMemory: number | null
}) {
  const history = useMetricHistory(cluster, `guest/${vmid}`, 'hour')
  if (!history || (!history.metrics && history.problem === null))
    return <Loading what="the last hour" lines={4} />
  const { metrics, problem } = history
  if (!metrics)
    return (
      <Notice title="No history" tone="warn">
        <p>{problem}</p>
      </Notice>
    )
  const { times, series } = metrics
  return (
    <section className="panel detail-facts">
      <h2>Last hour</h2>
      <div className="detail-charts">
        <Chart
          label="CPU and memory over the last hour"
          times={times}
          top={1}
          format={percent}
          lines={[
            { name: 'CPU', tone: 'accent', values: series.cpu ?? none },
            {
              name: 'Memory',
              tone: 'plain',
              values: (series.memory ?? none).map((used) => share(used, maxMemory)),
            },
          ]}
        />
        <Chart
          label="Network traffic over the last hour"
          times={times}
          format={rate}
          lines={[
            { name: 'Net in', tone: 'good', values: series.netIn ?? none },
            { name: 'Net out', tone: 'plain', values: series.netOut ?? none },
          ]}
        />
      </div>
    </section>
  )
}

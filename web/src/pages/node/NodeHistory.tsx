import { useMetricHistory } from '../../hub/useMetricHistory.ts'
import { percent, share } from '../../lib/format.ts'
import { Chart } from '../../ui/Chart.tsx'
import { Loading, Notice } from '../../ui/Notice.tsx'

const none: readonly null[] = []

export function NodeHistory({
  cluster,
  node,
  maxMemory,
}: {
  cluster: string
  node: string
  maxMemory: number | null
}) {
  const history = useMetricHistory(cluster, `node/${node}`, 'hour')
  if (!history || (!history.metrics && history.problem === null))
    return <Loading what="the last hour" lines={4} />
  const { metrics, problem } = history
  if (!metrics)
    return (
      <Notice title="No history" tone="warn">
        <p>{problem}</p>
      </Notice>
    )
  return (
    <section className="panel detail-facts">
      <h2>Last hour</h2>
      <Chart
        label={`CPU and memory of ${node} over the last hour`}
        times={metrics.times}
        top={1}
        format={percent}
        lines={[
          { name: 'CPU', tone: 'accent', values: metrics.series.cpu ?? none },
          {
            name: 'Memory',
            tone: 'plain',
            values: (metrics.series.memory ?? none).map((used) => share(used, maxMemory)),
          },
        ]}
      />
    </section>
  )
}

import { percent, rate } from '../../lib/format.ts'
import { useCluster } from '../../stores/clusters.ts'
import { useSight } from '../../stores/useSight.ts'
import { Chart } from '../../ui/Chart.tsx'
import { Unseen } from '../../ui/Unseen.tsx'
import { useHour } from './useHour.ts'
import './trends.css'

export default function Trends() {
  const cluster = useCluster((whole) => whole)
  const hour = useHour(cluster)
  const { sight, ...why } = useSight('canSeeNodes')
  if (!hour) return <Unseen what="trends" {...why} sight={sight === 'seen' ? 'loading' : sight} />
  const { times, cpu, memory, recent } = hour
  return (
    <div className="trends">
      <Chart
        label="CPU and memory of the cluster"
        times={times}
        top={1}
        format={percent}
        lines={[
          { name: 'CPU', tone: 'accent', values: cpu },
          { name: 'Memory', tone: 'plain', values: memory },
        ]}
      />
      <Chart
        label="Network traffic of all guests since this page was opened"
        times={recent.times}
        format={rate}
        lines={[
          { name: 'Net in', tone: 'good', values: recent.total.netIn },
          { name: 'Net out', tone: 'plain', values: recent.total.netOut },
        ]}
      />
    </div>
  )
}

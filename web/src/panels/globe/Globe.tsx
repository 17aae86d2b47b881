import { useDeferredValue } from 'react'
import { useCluster } from '../../stores/clusters.ts'
import { Loading } from '../../ui/Notice.tsx'
import { HealthLine } from './HealthLine.tsx'
import { Stage } from './Stage.tsx'
import './globe.css'

export default function Globe() {
  const cluster = useDeferredValue(useCluster((whole) => whole))
  if (!cluster) return <Loading what="the cluster" lines={8} />
  return (
    <div className="globe">
      <HealthLine />
      <Stage cluster={cluster} />
      <p className="globe-legend" aria-hidden="true">
        <span>
          <i data-what="guest" />
          guest, larger is busier
        </span>
        <span>
          <i data-what="cpu" />
          node CPU
        </span>
        <span>
          <i data-what="memory" />
          node memory
        </span>
      </p>
    </div>
  )
}

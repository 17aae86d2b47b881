import { useMemo } from 'react'
import { useNodeHours } from '../../hub/useNodeHours.ts'
import { useCluster } from '../../stores/clusters.ts'
import { useSight } from '../../stores/useSight.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Unseen } from '../../ui/Unseen.tsx'
import { NodeCard } from './NodeCard.tsx'
import './nodes.css'

export default function Nodes() {
  const nodes = useCluster((cluster) => cluster.nodes)
  const key = useCluster((cluster) => cluster.key)
  useNodeHours(key, nodes)
  const { sight, ...why } = useSight('canSeeNodes')
  const sorted = useMemo(
    () => [...(nodes?.values() ?? [])].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })),
    [nodes],
  )
  if (sorted.length === 0 && sight !== 'seen') return <Unseen what="nodes" sight={sight} {...why} />
  if (sorted.length === 0 || key === null)
    return (
      <Notice title="No nodes">
        <p>Proxmox answered and listed none.</p>
      </Notice>
    )
  return (
    <ul className="nodes">
      {sorted.map((node) => (
        <NodeCard key={node.name} cluster={key} node={node} />
      ))}
    </ul>
  )
}

import { type MouseEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { onResize } from '../../lib/canvas.ts'
import { percent, share } from '../../lib/format.ts'
import { path } from '../../lib/match.ts'
import { useCluster } from '../../stores/clusters.ts'
import { navigate } from '../../stores/location.ts'
import { useLook } from '../../stores/look.ts'
import type { Cluster } from '../../stores/merge.ts'
import { useSight } from '../../stores/useSight.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Unseen } from '../../ui/Unseen.tsx'
import { draw, type Group, hit, plan } from './draw.ts'
import './heat.css'

type Measure = 'cpu' | 'memory'

const ROOM = 230

function group(all: Cluster['guests'], measure: Measure): readonly Group[] {
  const groups = new Map<string, Group['cells'][number][]>()
  const guests = [...all.values()].sort((a, b) => a.vmid - b.vmid)
  for (const guest of guests) {
    const heat = measure === 'cpu' ? guest.cpu : share(guest.memory, guest.maxMemory)
    const state = guest.missing ? 'missing' : guest.status
    const cells = groups.get(guest.node) ?? []
    if (cells.length === 0) groups.set(guest.node, cells)
    cells.push({
      vmid: guest.vmid,
      title: `${guest.name} (${guest.vmid})`,
      state: guest.template ? 'template' : state,
      heat,
    })
  }
  return [...groups]
    .map(([name, cells]) => ({ name, cells }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

export default function Heat() {
  const guests = useDeferredValue(useCluster((cluster) => cluster.guests))
  const key = useCluster((cluster) => cluster.key)
  const { sight, ...why } = useSight('canSeeGuests')
  const [measure, setMeasure] = useState<Measure>('cpu')
  const groups = useMemo(() => (guests ? group(guests, measure) : []), [guests, measure])
  if (key === null || (groups.length === 0 && sight !== 'seen'))
    return <Unseen what="guests" {...why} sight={sight === 'seen' ? 'loading' : sight} />
  if (groups.length === 0) return <Notice title="No guests" />
  return (
    <div className="heat">
      <fieldset className="heat-choice">
        <legend className="sr-only">Coloured by</legend>
        {(['cpu', 'memory'] as const).map((choice) => (
          <label key={choice}>
            <input
              type="radio"
              name="heat"
              checked={measure === choice}
              onChange={() => setMeasure(choice)}
            />
            <span>{choice === 'cpu' ? 'CPU' : 'Memory'}</span>
          </label>
        ))}
      </fieldset>
      <Field cluster={key} groups={groups} measure={measure} />
    </div>
  )
}

function Field({
  cluster,
  groups,
  measure,
}: {
  cluster: string
  groups: readonly Group[]
  measure: Measure
}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [width, setWidth] = useState(0)
  const [hovered, setHovered] = useState<number | null>(null)
  const look = useLook()
  const layout = useMemo(() => plan(groups, width, ROOM), [groups, width])
  const over = layout.boxes.find((box) => box.cell.vmid === hovered)?.cell

  useEffect(() => {
    const element = canvas.current
    return element ? onResize(element, () => setWidth(element.clientWidth)) : undefined
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours follow the look
  useEffect(() => {
    if (canvas.current && width > 0) draw(canvas.current, layout, hovered)
  }, [layout, hovered, width, look])

  const under = ({ nativeEvent }: MouseEvent) =>
    hit(layout, nativeEvent.offsetX, nativeEvent.offsetY)?.cell.vmid ?? null
  const open = (event: MouseEvent) => {
    const vmid = under(event)
    if (vmid !== null) navigate(path('c', cluster, 'guest', vmid))
  }
  const total = groups.reduce((sum, each) => sum + each.cells.length, 0)
  const word = measure === 'cpu' ? 'CPU' : 'memory'
  return (
    <>
      <canvas
        ref={canvas}
        className="heat-field"
        role="img"
        aria-label={`${total} guests coloured by ${word}; the list of guests holds the same`}
        style={{ height: layout.height }}
        onMouseMove={(event) => setHovered(under(event))}
        onMouseLeave={() => setHovered(null)}
        onClick={open}
      />
      <p className="heat-over">
        {over
          ? `${over.title} · ${over.state}${over.state === 'running' ? ` · ${word} ${percent(over.heat)}` : ''}`
          : 'Brighter is busier; hollow is unknown, dark is stopped.'}
      </p>
    </>
  )
}

import { useEffect, useMemo, useRef } from 'react'
import { animate, prefersStillness } from '../../lib/animate.ts'
import { onResize } from '../../lib/canvas.ts'
import { percent } from '../../lib/format.ts'
import { useLayout } from '../../stores/layout.ts'
import { useLook } from '../../stores/look.ts'
import type { Cluster } from '../../stores/merge.ts'
import { totals } from '../../stores/trends.ts'
import { draw, palette } from './draw.ts'
import { type Sector, sectors } from './model.ts'
import './globe.css'

const RADIANS_PER_SECOND = 0.08

/** The globe between the four figures of the cluster; fills what it is put into. */
export function Stage({ cluster }: { cluster: Cluster }) {
  const list = useMemo(() => sectors(cluster), [cluster])
  const guests = [...cluster.guests.values()].filter((guest) => !guest.template)
  const running = guests.filter((guest) => guest.status === 'running').length
  const online = list.filter((sector) => sector.state === 'online').length
  const { cpu, memory } = totals(cluster)
  return (
    <div className="globe-stage">
      <dl className="globe-stats">
        <Stat name="Nodes" value={list.length > 0 ? `${online}/${list.length}` : '—'} note="online" />
        <Stat
          name="Guests"
          value={guests.length > 0 ? running.toLocaleString('en') : '—'}
          note={guests.length > 0 ? `running of ${guests.length.toLocaleString('en')}` : 'none seen'}
        />
      </dl>
      <Sphere
        list={list}
        label={`${online} of ${list.length} nodes online, ${running} of ${guests.length} guests running`}
      />
      <dl className="globe-stats globe-stats-right">
        <Stat name="CPU" value={percent(cpu)} note="of all cores" />
        <Stat name="Memory" value={percent(memory)} note="of all nodes" />
      </dl>
    </div>
  )
}

const Stat = ({ name, value, note }: { name: string; value: string; note: string }) => (
  <div className="stat">
    <dt>{name}</dt>
    <dd>
      <b>{value}</b>
      <span>{note}</span>
    </dd>
  </div>
)

function Sphere({ list, label }: { list: readonly Sector[]; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const mode = useLayout((layout) => layout.mode)
  const look = useLook()
  const turn = useRef(0.5)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours follow the look
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const colours = palette()
    const paint = () => draw(element, list, turn.current, colours)
    // Also paints the first time, once the page is laid out.
    const stopResize = onResize(element, paint)
    if (mode === 'minimal' || prefersStillness()) return stopResize
    let last = performance.now() / 1_000
    const stop = animate(list.length > 12 ? 6 : 15, (now) => {
      turn.current += RADIANS_PER_SECOND * Math.min(0.2, now - last)
      last = now
      paint()
    })
    return () => {
      stop()
      stopResize()
    }
  }, [list, mode, look])
  return <canvas ref={canvas} className="globe-canvas" role="img" aria-label={label} />
}

import { type DragEvent, type ReactNode, useState } from 'react'
import { arranged, place } from '../stores/arrange.ts'
import { type Slot, useLayout } from '../stores/layout.ts'
import { mayAs, useSession } from '../stores/session.ts'
import { PanelFrame } from './PanelFrame.tsx'
import type { Panel } from './panel.ts'
import { panels } from './panels.ts'

/** What is being dragged here; of other drags the page takes no notice. */
export const DRAGGED = 'application/x-jarvis-panel'

const byId = new Map(panels.map((panel) => [panel.id, panel]))

/** The panels of a column as the user put them. */
export function usePanels(slot: Slot): readonly Panel[] {
  const columns = useLayout((layout) => layout.columns)
  const role = useSession((session) => session.role)
  return arranged(panels, columns)[slot].flatMap((id) => {
    const panel = byId.get(id)
    return panel && mayAs(role, panel.role) ? [panel] : []
  })
}

/** What a narrow screen shows; a panel that has left the column cannot be it. */
export function useSection(): string {
  const left = usePanels('left')
  const section = useLayout((layout) => layout.section)
  return left.some((panel) => panel.id === section) ? section : 'centre'
}

const frames = (column: Element) => [...column.querySelectorAll<HTMLElement>(':scope > .panel')]

/** The panel above whose middle the pointer is. */
const under = (event: DragEvent) =>
  frames(event.currentTarget).find((frame) => {
    const { top, height } = frame.getBoundingClientRect()
    return event.clientY < top + height / 2
  })?.dataset.panel ?? null

interface Props {
  readonly slot: Slot
  readonly label: string
  readonly className: string
  readonly children?: ReactNode
}

export function Column({ slot, label, className, children }: Props) {
  const shown = usePanels(slot)
  const [over, setOver] = useState<string | null>(null)
  const takes = (event: DragEvent) => event.dataTransfer.types.includes(DRAGGED)
  return (
    <section
      className={`column ${className}`}
      aria-label={label}
      data-over={over === '' ? 'foot' : undefined}
      onDragOver={(event) => {
        if (!takes(event)) return
        event.preventDefault()
        setOver(under(event) ?? '')
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(null)
      }}
      onDrop={(event) => {
        if (!takes(event)) return
        event.preventDefault()
        setOver(null)
        place(panels, event.dataTransfer.getData(DRAGGED), slot, under(event))
      }}
    >
      {shown.map((panel) => (
        <PanelFrame key={panel.id} panel={panel} slot={slot} target={over === panel.id} />
      ))}
      {children}
    </section>
  )
}

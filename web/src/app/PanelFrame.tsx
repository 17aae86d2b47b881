import { type KeyboardEvent, Suspense, useState } from 'react'
import { useEntries } from '../stores/entries.ts'
import { type Slot, toggle, useLayout } from '../stores/layout.ts'
import { Boundary } from '../ui/Boundary.tsx'
import { Loading, Notice } from '../ui/Notice.tsx'
import { DRAGGED } from './Column.tsx'
import { moveAcross, moveBy, PanelMenu } from './PanelMenu.tsx'
import type { Panel } from './panel.ts'

const none = () => null

interface Props {
  readonly panel: Panel
  readonly slot: Slot
  /** True when what is being dragged would come to stand above it. */
  readonly target: boolean
}

const moves: Readonly<Record<string, (panel: Panel, slot: Slot) => void>> = {
  ArrowUp: (panel) => moveBy(panel, -1),
  ArrowDown: (panel) => moveBy(panel, 1),
  ArrowLeft: (panel, slot) => slot === 'right' && moveAcross(panel, 'left'),
  ArrowRight: (panel, slot) => slot === 'left' && moveAcross(panel, 'right'),
}

export function PanelFrame({ panel, slot, target }: Props) {
  const collapsed = useLayout((layout) => layout.collapsed[panel.id] ?? false)
  const shown = useLayout((layout) => layout.section === panel.id)
  const nothing = useEntries(({ list }) => list?.length === 0)
  const [dragged, setDragged] = useState(false)
  const body = `panel-${panel.id}`
  const press = (event: KeyboardEvent) => {
    const move = event.altKey && event.shiftKey ? moves[event.key] : undefined
    if (!move) return
    event.preventDefault()
    move(panel, slot)
  }
  return (
    <section
      className={`panel panel-${panel.id}`}
      data-panel={panel.id}
      data-collapsed={collapsed}
      data-shown={shown}
      data-target={target}
      data-dragged={dragged}
      aria-label={panel.title}
    >
      <div className="panel-head">
        <h2
          draggable
          onDragStart={(event) => {
            event.dataTransfer.setData(DRAGGED, panel.id)
            event.dataTransfer.effectAllowed = 'move'
            setDragged(true)
          }}
          onDragEnd={() => setDragged(false)}
        >
          <button
            type="button"
            aria-expanded={!collapsed}
            aria-controls={body}
            onClick={() => toggle(panel.id)}
            onKeyDown={press}
          >
            <svg className="panel-caret" viewBox="0 0 10 10" aria-hidden="true">
              <path d="M2 3.5l3 3l3-3" fill="none" stroke="currentColor" strokeWidth="1.5" />
            </svg>
            {panel.title}
            <Count of={panel} />
          </button>
        </h2>
        <PanelMenu panel={panel} slot={slot} />
      </div>
      <div className="panel-body" id={body} hidden={collapsed} tabIndex={panel.scrolls ? 0 : undefined}>
        {!collapsed && (
          <Boundary name={panel.title}>
            <Suspense fallback={<Loading what={panel.title.toLowerCase()} />}>
              {nothing ? <Notice title="Nothing is being watched" /> : <panel.view />}
            </Suspense>
          </Boundary>
        )}
      </div>
    </section>
  )
}

function Count({ of }: { of: Panel }) {
  const useCount = of.useCount ?? none
  const count = useCount()
  return count === null ? null : <span className="panel-count">{count.toLocaleString('en')}</span>
}

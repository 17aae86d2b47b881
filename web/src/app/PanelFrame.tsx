import { Suspense } from 'react'
import { toggle, useLayout } from '../stores/layout.ts'
import { Boundary } from '../ui/Boundary.tsx'
import { Loading } from '../ui/Notice.tsx'
import type { Panel } from './panel.ts'

const none = () => null

export function PanelFrame({ panel }: { panel: Panel }) {
  const collapsed = useLayout((layout) => layout.collapsed[panel.id] ?? false)
  const shown = useLayout((layout) => layout.section === panel.id)
  const useCount = panel.useCount ?? none
  const count = useCount()
  const body = `panel-${panel.id}`
  return (
    <section
      className={`panel panel-${panel.id}`}
      data-collapsed={collapsed}
      data-shown={shown}
      aria-label={panel.title}
    >
      <h2 className="panel-head">
        <button
          type="button"
          aria-expanded={!collapsed}
          aria-controls={body}
          onClick={() => toggle(panel.id)}
        >
          <svg className="panel-caret" viewBox="0 0 10 10" aria-hidden="true">
            <path d="M2 3.5l3 3l3-3" fill="none" stroke="currentColor" strokeWidth="1.5" />
          </svg>
          {panel.title}
          {count !== null && <span className="panel-count">{count.toLocaleString('en')}</span>}
        </button>
      </h2>
      <div className="panel-body" id={body} hidden={collapsed} tabIndex={panel.scrolls ? 0 : undefined}>
        {!collapsed && (
          <Boundary name={panel.title}>
            <Suspense fallback={<Loading what={panel.title.toLowerCase()} />}>
              <panel.view />
            </Suspense>
          </Boundary>
        )}
      </div>
    </section>
  )
}

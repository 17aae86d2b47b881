import { path as toPath } from '../lib/match.ts'
import { useClusterKey } from '../stores/clusters.ts'
import { useLayout } from '../stores/layout.ts'
import { navigate, useLocation } from '../stores/location.ts'
import { usePanels, useSection } from './Column.tsx'

/** Narrow screens show one thing at a time. */
export function BottomBar() {
  const key = useClusterKey()
  const path = useLocation((location) => location.path)
  const section = useSection()
  const inventory = usePanels('left')
  const home = key === null ? '/' : toPath('c', key)
  const go = (target: string) => {
    useLayout.setState({ section: 'centre' })
    navigate(target)
  }
  const at = (target: string) => (section === 'centre' && path === target ? 'page' : undefined)
  return (
    <nav className="bottom" aria-label="Sections">
      <button type="button" aria-current={at(home)} onClick={() => go(home)}>
        Overview
      </button>
      {inventory.map((panel) => (
        <button
          key={panel.id}
          type="button"
          aria-current={section === panel.id ? 'page' : undefined}
          onClick={() => useLayout.setState({ section: panel.id })}
        >
          {panel.title}
        </button>
      ))}
      <button type="button" aria-current={at(`${home}/feed`)} onClick={() => go(`${home}/feed`)}>
        Events
      </button>
    </nav>
  )
}

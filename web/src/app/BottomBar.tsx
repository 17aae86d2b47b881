import { path as toPath } from '../lib/match.ts'
import { useClusterKey } from '../stores/clusters.ts'
import { useLayout } from '../stores/layout.ts'
import { navigate, useLocation } from '../stores/location.ts'
import { usePanels, useSection } from './Column.tsx'

/** Narrow screens show one thing at a time; without a cluster there is only the way to where one is found. */
export function BottomBar({ nothing }: { nothing: boolean }) {
  const key = useClusterKey()
  const path = useLocation((location) => location.path)
  const section = useSection()
  const inventory = usePanels('left')
  const home = key === null || nothing ? '/' : toPath('c', key)
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
      {nothing ? (
        <button
          type="button"
          aria-current={at('/settings/clusters')}
          onClick={() => go('/settings/clusters')}
        >
          Clusters
        </button>
      ) : (
        <>
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
        </>
      )}
    </nav>
  )
}

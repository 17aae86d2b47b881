import { useEffect } from 'react'
import { useClusterKey } from '../stores/clusters.ts'
import { useLayout } from '../stores/layout.ts'
import { useLive } from '../stores/live.ts'
import { navigate, useLocation } from '../stores/location.ts'
import { Banner } from './Banner.tsx'
import { BottomBar } from './BottomBar.tsx'
import { Centre } from './Centre.tsx'
import { Header } from './Header.tsx'
import { Overlays } from './Overlays.tsx'
import { PanelFrame } from './PanelFrame.tsx'
import { panels } from './panels.ts'

const left = panels.filter((panel) => panel.slot === 'left')
const right = panels.filter((panel) => panel.slot === 'right')

export function Shell() {
  const path = useLocation((location) => location.path)
  const key = useClusterKey()
  const live = useLive()
  const section = useLayout((layout) => layout.section)

  useEffect(() => {
    if (key !== null && path === '/') navigate(`/c/${encodeURIComponent(key)}`, true)
  }, [key, path])

  return (
    <div className="shell" data-live={live} data-section={section}>
      <a className="skip" href="#centre">
        Skip to the content
      </a>
      <Header />
      <Banner />
      <main className="body">
        <section className="column column-left" aria-label="Inventory">
          {left.map((panel) => (
            <PanelFrame key={panel.id} panel={panel} />
          ))}
        </section>
        <div className="middle">
          <Centre />
          <section className="column column-right" aria-label="Activity">
            {right.map((panel) => (
              <PanelFrame key={panel.id} panel={panel} />
            ))}
          </section>
        </div>
      </main>
      <BottomBar />
      <Overlays />
    </div>
  )
}

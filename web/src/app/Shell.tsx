import { lazy, Suspense, useEffect } from 'react'
import { useActs } from '../stores/acts.ts'
import { useClusterKey } from '../stores/clusters.ts'
import { useLayout } from '../stores/layout.ts'
import { useLive } from '../stores/live.ts'
import { navigate, useLocation } from '../stores/location.ts'
import { useSpoken } from '../stores/spoken.ts'
import { Boundary } from '../ui/Boundary.tsx'
import { Banner } from './Banner.tsx'
import { BottomBar } from './BottomBar.tsx'
import { Centre } from './Centre.tsx'
import { Column, usePanels, useSection } from './Column.tsx'
import { Header } from './Header.tsx'
import { Overlays } from './Overlays.tsx'

const Toasts = lazy(() => import('./Toasts.tsx'))
const Question = lazy(() => import('../parts/acts/Question.tsx'))

export function Shell() {
  const path = useLocation((location) => location.path)
  const key = useClusterKey()
  const live = useLive()
  const left = usePanels('left')
  const right = usePanels('right')
  const chosen = useSection()
  // Panels of a cluster that is not there would seem to load for ever.
  const nothing = live === 'idle'
  const section = nothing ? 'centre' : chosen

  useEffect(() => {
    if (key !== null && path === '/') navigate(`/c/${encodeURIComponent(key)}`, true)
  }, [key, path])

  // Whoever goes somewhere wants to see it, on a narrow screen too.
  useEffect(() => useLocation.subscribe(() => useLayout.setState({ section: 'centre' })), [])

  return (
    <div className="shell" data-live={live} data-section={section} data-left={left.length > 0 && !nothing}>
      <a className="skip" href="#centre">
        Skip to the content
      </a>
      <Header />
      <Banner />
      <main className="body">
        {!nothing && <Column slot="left" label="Inventory" className="column-left" />}
        <div className="middle" data-right={right.length > 0 && !nothing}>
          <Centre />
          {!nothing && <Column slot="right" label="Activity" className="column-right" />}
        </div>
      </main>
      <BottomBar nothing={nothing} />
      <Overlays />
      <Boundary name="Messages" fallback={null}>
        <Suspense fallback={null}>
          <Toasts />
        </Suspense>
      </Boundary>
      <Asked />
      <Spoken />
    </div>
  )
}

function Asked() {
  const asked = useActs((acts) => acts.question !== null)
  return (
    asked && (
      <Boundary name="The question" fallback={null}>
        <Suspense fallback={null}>
          <Question />
        </Suspense>
      </Boundary>
    )
  )
}

const Spoken = () => (
  <p className="sr-only" role="status">
    {useSpoken((state) => state.words)}
  </p>
)

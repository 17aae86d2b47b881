import { Suspense, useDeferredValue, useEffect } from 'react'
import { resume } from '../hub/session.ts'
import { Entrance, FrontDoor } from '../parts/entrance/Entrance.tsx'
import { useLocation } from '../stores/location.ts'
import { useSession } from '../stores/session.ts'
import { Boundary } from '../ui/Boundary.tsx'
import { Loading, Notice } from '../ui/Notice.tsx'
import { Wordmark } from '../ui/Wordmark.tsx'
import { Login } from './Login.tsx'
import { type Found, findPage } from './pages.ts'
import { Shell } from './Shell.tsx'
import { fetchParts, useWhole } from './whole.ts'

export function App() {
  return (
    <Boundary name="The page">
      <div className="backdrop" />
      <Screen />
    </Boundary>
  )
}

function Screen() {
  const status = useSession((session) => session.status)
  const wall = useSession((session) => session.wall)
  // Another person, or the same one with another rank, begins with a new screen.
  const whose = useSession(({ user, role }) => `${user} ${role}`)
  const path = useLocation((location) => location.path)
  const found = findPage(path)
  const shell = status === 'signedIn' && !wall && !found?.page.alone
  // The checks at the start take about as long as this does.
  useEffect(() => {
    if (shell) void fetchParts(path)
  }, [shell, path])
  if (status === 'starting') return <Gate words="Looking for your session…" />
  if (status === 'unreachable') return <Unreachable />
  if (wall) return <Wall />
  if (found?.page.alone) return <Alone found={found} />
  if (shell)
    return (
      <Entrance key={whose}>
        <Whole />
      </Entrance>
    )
  return (
    <FrontDoor>
      <Login />
    </FrontDoor>
  )
}

/** Deferred, so that the whole of the screen is not built in one go: the page answers meanwhile. */
const Whole = () => {
  const there = useWhole((whole) => whole.there)
  return useDeferredValue(there, false) ? <Shell /> : <Gate words="Fetching the screen…" />
}

/** A display's session has no use for anything else, whatever the address says. */
const Wall = () => {
  const found = findPage('/wall')
  return found && <Alone found={found} />
}

const Alone = ({ found: { page, cluster, params } }: { found: Found }) => (
  <Boundary key={page.path} name="This page">
    <Suspense fallback={<Loading what="the page" />}>
      <page.view cluster={cluster} params={params} />
    </Suspense>
  </Boundary>
)

const Gate = ({ words }: { words: string }) => (
  <main className="gate" aria-busy="true">
    <h1 className="sr-only">Jarvis</h1>
    <Wordmark large />
    <p className="dim" role="status">
      {words}
    </p>
  </main>
)

function Unreachable() {
  const trouble = useSession((session) => session.trouble)
  return (
    <main className="gate">
      <Wordmark large />
      <Notice
        title={trouble === null ? 'The server does not answer' : 'The server does not let you in'}
        tone="bad"
      >
        <p>{trouble ?? 'This page came from it a moment ago; it may be restarting.'}</p>
        <button type="button" className="btn" onClick={() => void resume()}>
          Try again
        </button>
      </Notice>
    </main>
  )
}

import { Suspense } from 'react'
import { path as toPath } from '../lib/match.ts'
import { clusterInPath, useClusterKey } from '../stores/clusters.ts'
import { useEntries, useStranger } from '../stores/entries.ts'
import { useLocation } from '../stores/location.ts'
import { type Role, useMay } from '../stores/session.ts'
import { Boundary } from '../ui/Boundary.tsx'
import { NoSuch } from '../ui/NoSuch.tsx'
import { Loading, Notice } from '../ui/Notice.tsx'
import { Column } from './Column.tsx'
import { findPage, tabs } from './pages.ts'

export function Centre() {
  const path = useLocation((location) => location.path)
  const key = useClusterKey()
  const stranger = useStranger()
  const found = findPage(path)
  return (
    <div className="centre" id="centre" tabIndex={-1}>
      {key !== null && stranger === null && (
        <Tabs cluster={key} path={path} detail={found && !found.page.tab ? found.page.title : null} />
      )}
      <Boundary key={path} name="This page">
        <Suspense fallback={<Loading what="the page" />}>
          <Content path={path} />
        </Suspense>
      </Boundary>
    </div>
  )
}

function Content({ path }: { path: string }) {
  const named = clusterInPath(path)
  const stranger = useStranger()
  const nothing = useEntries(({ list }) => list?.length === 0)
  const found = findPage(path)
  const may = useMay(found?.page.role)
  if (nothing && found?.page.scope !== 'app') return <Nothing />
  if (stranger !== null)
    return (
      <NoSuch what="cluster" href="/" to="the first cluster">
        <p>“{stranger}” is not among the clusters that this server watches.</p>
      </NoSuch>
    )
  if (found && !may) return <Refused role={found.page.role ?? 'admin'} />
  if (found) return <found.page.view cluster={found.cluster} params={found.params} />
  if (path !== '/' && (named === null || path.split('/').filter(Boolean).length > 2))
    return <NoSuch what="page" href={named === null ? '/' : toPath('c', named)} />
  return <Column slot="centre" label="Overview" className="overview" />
}

function Nothing() {
  const admin = useMay('admin')
  return (
    <Notice title="Nothing is being watched">
      {admin ? (
        <>
          <p>Connect a Proxmox VE cluster, or start a simulated one to look around.</p>
          <a className="btn btn-strong" href="/settings/clusters">
            Connect a cluster
          </a>
        </>
      ) : (
        <p>An administrator can connect a cluster.</p>
      )}
    </Notice>
  )
}

const Refused = ({ role }: { role: Role }) => (
  <Notice title="Not for this account" tone="warn">
    <p>This page is for accounts with the role {role}.</p>
    <a className="btn" href="/">
      To the overview
    </a>
  </Notice>
)

function Tabs({ cluster, path, detail }: { cluster: string; path: string; detail: string | null }) {
  const home = toPath('c', cluster)
  const entries = [
    { title: 'Overview', href: home },
    ...tabs.map((page) => ({ title: page.title, href: home + page.path })),
  ]
  return (
    <nav className="tabs" aria-label="Views">
      {entries.map(({ title, href }) => (
        <a key={href} href={href} aria-current={path === href ? 'page' : undefined}>
          {title}
        </a>
      ))}
      {detail && (
        <span className="tab-detail" aria-current="page">
          {detail}
        </span>
      )}
    </nav>
  )
}

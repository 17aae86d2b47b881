import { Suspense } from 'react'
import type { PageProps } from '../../app/page.ts'
import { useTitle } from '../../lib/title.ts'
import { mayAs, useSession } from '../../stores/session.ts'
import { Boundary } from '../../ui/Boundary.tsx'
import { NoSuch } from '../../ui/NoSuch.tsx'
import { Loading, Notice } from '../../ui/Notice.tsx'
import { sections } from './sections.ts'
import './settings.css'

export default function SettingsPage({ params }: PageProps) {
  const role = useSession((session) => session.role)
  const open = sections.filter((section) => mayAs(role, section.role))
  const wanted = params.section
  const section = wanted === undefined ? open[0] : open.find((each) => each.id === wanted)
  const closed = !section && sections.find((each) => each.id === wanted)
  useTitle(section?.title, 'Settings')
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label="Settings">
        {open.map(({ id, title }) => (
          <a key={id} href={`/settings/${id}`} aria-current={section?.id === id ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <div className="settings-section">
        <h1>{section?.title ?? 'Settings'}</h1>
        {section && (
          <Boundary key={section.id} name={section.title}>
            <Suspense fallback={<Loading what={section.title.toLowerCase()} />}>
              <section.view />
            </Suspense>
          </Boundary>
        )}
        {closed && (
          <Notice title="Not for this account" tone="warn">
            <p>
              “{closed.title}” is for accounts with the role {closed.role}.
            </p>
          </Notice>
        )}
        {!section && !closed && (
          <NoSuch what="settings" href="/settings" to="the settings">
            <p>There is no “{wanted}” among the settings.</p>
          </NoSuch>
        )}
      </div>
    </div>
  )
}

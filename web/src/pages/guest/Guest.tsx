import type { PageProps } from '../../app/page.ts'
import type { GuestView } from '../../contract/hubs.gen.ts'
import { path } from '../../lib/match.ts'
import { guestPath } from '../../lib/places.ts'
import { useTitle } from '../../lib/title.ts'
import { Offers } from '../../parts/acts/Offers.tsx'
import { moreOffersOf, offersOf } from '../../parts/acts/offers.ts'
import { useCluster } from '../../stores/clusters.ts'
import { useMay } from '../../stores/session.ts'
import { Mark } from '../../ui/Mark.tsx'
import { NoSuch } from '../../ui/NoSuch.tsx'
import { Loading } from '../../ui/Notice.tsx'
import { SubTabs } from '../../ui/SubTabs.tsx'
import { look } from '../../ui/states.ts'
import { Backups } from './Backups.tsx'
import { Config } from './Config.tsx'
import { Overview } from './Overview.tsx'
import { Snapshots } from './Snapshots.tsx'
import { Tasks } from './Tasks.tsx'
import '../../ui/detail.css'

const tabs = [
  { id: '', title: 'Overview', view: Overview },
  { id: 'config', title: 'Configuration', view: Config },
  { id: 'snapshots', title: 'Snapshots', view: Snapshots },
  { id: 'backups', title: 'Backups', view: Backups },
  { id: 'tasks', title: 'Tasks', view: Tasks },
] as const

export interface TabProps {
  readonly cluster: string
  readonly guest: GuestView
}

export default function GuestPage({ cluster, params }: PageProps) {
  const vmid = Number(params.vmid)
  const guest = useCluster((whole) => whole.guests.get(vmid) ?? null)
  const home = useCluster((whole) => whole.header.name)
  const tab = tabs.find(({ id }) => id === (params.tab ?? ''))
  useTitle(tab?.id && tab.title, guest?.name ?? params.vmid, home)
  if (home === null) return <Loading what="the guest" lines={8} />
  if (!guest)
    return (
      <NoSuch what="guest" href={path('c', cluster)}>
        <p>
          {params.vmid} is not among the guests that {home} lists.
        </p>
      </NoSuch>
    )
  const href = guestPath(cluster, vmid)
  return (
    <article className="detail">
      <Head guest={guest} home={home} />
      <Offers label={`What can be done to ${guest.name}`} offers={offersOf(cluster, guest)} />
      <More guest={guest} cluster={cluster} />
      <SubTabs
        label={`About ${guest.name}`}
        tabs={tabs.map(({ id, title }) => ({
          title,
          href: id ? `${href}/${id}` : href,
          current: id === tab?.id,
        }))}
      />
      {tab ? (
        <tab.view cluster={cluster} guest={guest} />
      ) : (
        <NoSuch what="part" href={href} to="the guest">
          <p>A guest has no “{params.tab}”.</p>
        </NoSuch>
      )}
    </article>
  )
}

function More({ guest, cluster }: TabProps) {
  const offers = moreOffersOf(cluster, guest)
  const may = useMay('operator')
  if (!may || offers.length === 0) return null
  return (
    <details className="offers-more">
      <summary className="btn">More</summary>
      <Offers label={`What else can be done to ${guest.name}`} offers={offers} />
    </details>
  )
}

function Head({ guest, home }: { guest: GuestView; home: string }) {
  const state = guest.missing ? 'missing' : guest.status
  return (
    <>
      <header className="detail-head">
        <Mark {...look(state)} />
        <h1>{guest.name}</h1>
        <span className="detail-state" data-state={state}>
          {state}
        </span>
        <span className="detail-kind">
          {guest.template ? 'template' : guest.type === 'vm' ? 'virtual machine' : 'container'} {guest.vmid} ·{' '}
          {home}
        </span>
      </header>
      {guest.missing && (
        <p className="detail-note">Proxmox no longer lists it. This is what was last seen.</p>
      )}
      {guest.status === 'unknown' && !guest.missing && (
        <p className="detail-note">Its node does not tell its state, so it may or may not be running.</p>
      )}
    </>
  )
}

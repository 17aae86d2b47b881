import { clock, duration, moment, since } from '../lib/format.ts'
import { GlassBar } from '../parts/acts/GlassBar.tsx'
import { useClock } from '../stores/clock.ts'
import { useCluster, useClusterKey, useReceived } from '../stores/clusters.ts'
import { useGate } from '../stores/gate.ts'
import { useLink } from '../stores/link.ts'
import { type Live, useLive } from '../stores/live.ts'
import { useSession } from '../stores/session.ts'
import { useVersion } from '../stores/version.ts'
import { Cure } from '../ui/Cure.tsx'
import { Mark } from '../ui/Mark.tsx'
import { Popover } from '../ui/Popover.tsx'
import { Trouble } from './Trouble.tsx'

/** Says loudly when what is on screen may not be the truth. */
export function Banner() {
  const live = useLive()
  return (
    <section className="banners" aria-label="What to know about this view">
      <div role="status" aria-live="polite">
        <Words live={live} />
        <Emergency />
        <Killed />
        <GlassBar />
        <Refusal />
        <Newer />
      </div>
      <Rights />
    </section>
  )
}

function Words({ live }: { live: Live }) {
  if (live === 'reconnecting') return <Reconnecting />
  if (live === 'blind') return <Blind />
  if (live === 'stale') return <Stale />
  if (live === 'paused') return <Paused />
  return null
}

const Paused = () => (
  <p className="banner banner-words" data-tone="calm">
    <Mark shape="bars" tone="info" />
    <strong>Paused.</strong> Nothing is asked of this cluster; what stands here is what was last seen.
  </p>
)

function Emergency() {
  const emergency = useSession((session) => session.emergency)
  if (!emergency) return null
  return (
    <p className="banner banner-words" data-tone="bad">
      <Mark shape="triangle" tone="bad" />
      <strong>No memory.</strong> The database cannot be used, so nothing that happens is remembered.
    </p>
  )
}

function Killed() {
  const kill = useGate((gate) => gate.kill)
  if (!kill?.active) return null
  return (
    <p className="banner banner-words" data-tone="bad">
      <Mark shape="cross" tone="bad" />
      <strong>The kill switch is on.</strong> Nothing may be changed
      {kill.by && `; ${kill.by} turned it on`}
      {kill.at && ` ${moment(kill.at)}`}.
    </p>
  )
}

function Newer() {
  const { newer, partMissing } = useVersion()
  if (!newer && !partMissing) return null
  return (
    <div className="banner" data-tone="calm">
      <Mark shape="ring" tone="info" />
      <p>
        {newer ? (
          <>
            <strong>Jarvis was updated.</strong> This page is of the version before.
          </>
        ) : (
          'A part of this page could not be loaded.'
        )}
      </p>
      <button type="button" className="btn" onClick={() => location.reload()}>
        Reload
      </button>
    </div>
  )
}

function Refusal() {
  const refusal = useLink((link) => link.refusal)
  if (!refusal) return null
  return (
    <p className="banner banner-words" data-tone="warn">
      <Mark shape="triangle" tone="warn" />
      {refusal}
    </p>
  )
}

function Reconnecting() {
  const attempt = useLink((link) => link.attempt)
  const lostAt = useLink((link) => link.lostAt)
  return (
    <p className="banner banner-words" data-tone="warn">
      <Mark shape="spin" tone="warn" />
      <strong>Reconnecting to Jarvis.</strong>
      {lostAt !== null && ` Lost at ${clock(lostAt)}, attempt ${attempt}.`} What you see is the last known
      state.
    </p>
  )
}

function Blind() {
  const header = useCluster((cluster) => cluster.header)
  const now = useClock((state) => Math.floor(state.now / 10_000) * 10_000)
  if (!header?.blindSince) return null
  return (
    <div className="banner banner-words" data-tone="bad">
      <Mark shape="cross" tone="bad" />
      <strong>
        Blind since {clock(header.blindSince)} ({duration(since(header.blindSince, now))}).
      </strong>{' '}
      {header.observedAt === null
        ? 'Proxmox cannot be read, and nothing is known of it yet.'
        : 'Proxmox cannot be read. What you see is the last known state.'}
      {header.trouble && <Trouble text={header.trouble} />}
    </div>
  )
}

function Stale() {
  const key = useClusterKey() ?? ''
  const receivedAt = useReceived((state) => state.at[key] ?? null)
  return (
    <p className="banner banner-words" data-tone="warn">
      <Mark shape="triangle" tone="warn" />
      <strong>Stale.</strong>
      {receivedAt !== null && ` Nothing has arrived since ${clock(receivedAt)}.`} What you see is the last
      known state.
    </p>
  )
}

function Rights() {
  const access = useCluster((cluster) => cluster.header.access)
  if (!access || access.missing.length === 0) return null
  const hidden = [
    !access.canSeeNodes && 'nodes',
    !access.canSeeGuests && 'guests',
    !access.canSeeStorage && 'storage',
  ].filter(Boolean)
  return (
    <div className="banner" data-tone="warn">
      <Mark shape="triangle" tone="warn" />
      <p>
        <strong>{hidden.length > 0 ? `Cannot see ${hidden.join(', ')}.` : 'The token lacks rights.'}</strong>{' '}
        Missing: {access.missing.join(', ')}.
      </p>
      {access.cure.length > 0 && (
        <Popover label="How to grant the missing rights" face="How to grant them" className="btn">
          <Cure lines={access.cure} />
        </Popover>
      )}
    </div>
  )
}

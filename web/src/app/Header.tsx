import { useDeferredValue, useEffect, useMemo, useRef } from 'react'
import { onResize } from '../lib/canvas.ts'
import { path as toPath } from '../lib/match.ts'
import { KillSwitch } from '../parts/acts/KillSwitch.tsx'
import { useCluster, useClusterKey, useClusters } from '../stores/clusters.ts'
import { judgeHealth } from '../stores/health.ts'
import { useLive } from '../stores/live.ts'
import { lay } from '../stores/overlay.ts'
import { Mark } from '../ui/Mark.tsx'
import { look } from '../ui/states.ts'
import { Wordmark } from '../ui/Wordmark.tsx'
import { Clock } from './Clock.tsx'
import { liveLooks } from './liveLooks.ts'
import { OwnLoad } from './OwnLoad.tsx'
import { UserMenu } from './UserMenu.tsx'

export function Header() {
  const key = useClusterKey()
  return (
    <header className="header">
      <h1 className="brand">
        <a href={key === null ? '/' : toPath('c', key)} aria-label="Jarvis, to the overview">
          <Wordmark />
        </a>
      </h1>
      <ClusterSwitch />
      <div className="grow" />
      <Quorum />
      <LiveState />
      <OwnLoad />
      <KillSwitch />
      <PaletteButton />
      <Clock />
      <UserMenu />
    </header>
  )
}

const PaletteButton = () => (
  <button type="button" className="seek" aria-label="Command palette, Ctrl K" onClick={() => lay('palette')}>
    <svg
      className="seek-mark"
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
    >
      <circle cx="6.8" cy="6.8" r="4.6" />
      <path d="M10.3 10.3l4 4" strokeLinecap="round" />
    </svg>
    <span>Ctrl K</span>
  </button>
)

function ClusterSwitch() {
  const current = useClusterKey()
  const keys = useClusters((state) => Object.keys(state.all).sort().join('\n'))
  const list = keys.split('\n')
  const name = useCluster((cluster) => cluster.header.name)
  if (list.length < 2) return name ? <span className="cluster-name cut">{name}</span> : null
  return (
    <nav className="switch" aria-label="Clusters">
      {list.map((key) => (
        <ClusterLink key={key} cluster={key} current={key === current} />
      ))}
    </nav>
  )
}

function ClusterLink({ cluster, current }: { cluster: string; current: boolean }) {
  const name = useClusters((state) => state.all[cluster]?.header.name ?? cluster)
  const link = useRef<HTMLAnchorElement>(null)
  // Where not all fit in, the one on screen must.
  useEffect(() => {
    const row = link.current?.parentElement
    if (!current || !row) return
    return onResize(row, () => link.current?.scrollIntoView({ block: 'nearest', inline: 'center' }))
  }, [current])
  return (
    <a ref={link} href={toPath('c', cluster)} aria-current={current ? 'page' : undefined}>
      <ClusterMark cluster={cluster} />
      {name}
    </a>
  )
}

/** How it is where that is seen, and whether it is seen where it is well or not known. */
function ClusterMark({ cluster }: { cluster: string }) {
  const whole = useDeferredValue(useClusters(({ all }) => all[cluster] ?? null))
  const live = useLive(cluster)
  const { level } = useMemo(() => judgeHealth(whole, live), [whole, live])
  const { shape, tone, word } = liveLooks[live]
  return live === 'live' && (level === 'critical' || level === 'warning') ? (
    <Mark {...look(level)} label={level} />
  ) : (
    <Mark shape={shape} tone={tone} label={word} />
  )
}

function Quorum() {
  const quorate = useCluster((cluster) => cluster.header.quorate)
  const observed = useCluster((cluster) => cluster.header.observedAt)
  if (observed === null) return null
  if (quorate === null)
    return (
      <span className="chip chip-unknown">
        <Mark shape="question" tone="warn" label="Quorum unknown" />
        <span aria-hidden="true">Quorum unknown</span>
      </span>
    )
  const words = quorate ? 'Quorum' : 'No quorum'
  return (
    <span className="chip chip-quorum" data-tone={quorate ? 'calm' : 'bad'}>
      <Mark shape={quorate ? 'disc' : 'cross'} tone={quorate ? 'good' : 'bad'} label={words} />
      <span aria-hidden="true">{words}</span>
    </span>
  )
}

function LiveState() {
  const live = useLive()
  const { shape, tone, word } = liveLooks[live]
  return (
    <span className="chip chip-live" data-tone={tone} data-testid="live">
      <Mark shape={shape} tone={tone} />
      {word}
    </span>
  )
}

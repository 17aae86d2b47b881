import { useDeferredValue, useEffect, useMemo } from 'react'
import { loadEvents } from '../../hub/events.ts'
import { moveOn } from '../../hub/version.ts'
import { keepAwake } from '../../lib/awake.ts'
import { Stage } from '../../panels/globe/Stage.tsx'
import { GlassBar } from '../../parts/acts/GlassBar.tsx'
import { useClock } from '../../stores/clock.ts'
import { lookAt, useClusterKey, useClusters } from '../../stores/clusters.ts'
import { feedKey, useEvents } from '../../stores/events.ts'
import { judgeHealth } from '../../stores/health.ts'
import { useLink } from '../../stores/link.ts'
import { liveOf, useLive } from '../../stores/live.ts'
import { navigate } from '../../stores/location.ts'
import type { Cluster } from '../../stores/merge.ts'
import { useSession } from '../../stores/session.ts'
import { type Slide, slidesOf } from '../../stores/slides.ts'
import { useVersion } from '../../stores/version.ts'
import { useWall } from '../../stores/wall.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { look } from '../../ui/states.ts'
import { Wordmark } from '../../ui/Wordmark.tsx'
import { Clock } from '../Clock.tsx'
import { liveLooks } from '../liveLooks.ts'
import { SlideView } from './SlideView.tsx'
import './wall.css'

const TURN = 15_000

export default function Wall() {
  const status = useSession((session) => session.status)
  return status === 'signedIn' ? <Display /> : <Locked />
}

function Locked() {
  const refusal = useWall((wall) => wall.refusal)
  const expired = useSession((session) => session.expired)
  return (
    <main className="gate">
      <h1 className="sr-only">Wall display</h1>
      <Wordmark large />
      <Notice title="This display is not let in" tone="warn">
        <p>{refusal ?? (expired ? 'Its access has ended.' : 'It was opened without its link.')}</p>
        <p>An administrator makes a link for it under Settings, Wall displays.</p>
        <a className="btn" href="/">
          Sign in by name
        </a>
      </Notice>
    </main>
  )
}

/** The slides of all clusters, one after another. */
function useSlides(): readonly Slide[] {
  const all = useDeferredValue(useClusters((state) => state.all))
  const feeds = useEvents((state) => state.feeds)
  const link = useLink((state) => state.status)
  const minute = useClock((state) => state.now - (state.now % 60_000))
  const moment = useClock((state) => state.now - (state.now % TURN))
  const keys = Object.keys(all).sort().join('\n')
  // What failed is asked for again with the next minute and the next connection.
  // biome-ignore lint/correctness/useExhaustiveDependencies: both are reasons to ask again
  useEffect(() => {
    for (const key of keys.split('\n').filter(Boolean)) {
      const status = useEvents.getState().feeds[feedKey(key, 'error')]?.status
      if (status === undefined || status === 'failed') void loadEvents(key, 'error', false)
    }
  }, [keys, link, minute])
  // biome-ignore lint/correctness/useExhaustiveDependencies: how live it is hangs from the connection too
  return useMemo(
    () =>
      Object.values(all)
        .sort((a, b) => a.key.localeCompare(b.key))
        .flatMap((cluster) => {
          const feed = feeds[feedKey(cluster.key, 'error')]
          const unread = feed?.status === 'failed' && feed.items.length === 0
          return slidesOf(cluster, liveOf(cluster.key, moment), unread ? null : (feed?.items ?? []), minute)
        }),
    [all, feeds, link, moment, minute],
  )
}

/** Whoever is signed in by name may go back to the screen by Escape; a display has nowhere else to go. */
function useLeaving(): void {
  const wall = useSession((session) => session.wall)
  useEffect(() => {
    if (wall) return
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape') navigate('/')
    }
    document.addEventListener('keydown', leave)
    return () => document.removeEventListener('keydown', leave)
  }, [wall])
}

function Display() {
  const slides = useSlides()
  const turn = useClock((state) => Math.floor(state.now / TURN))
  const slide = slides[turn % Math.max(1, slides.length)]
  const about = slide?.cluster
  useEffect(() => keepAwake(), [])
  useLeaving()
  const newer = useVersion((version) => version.newer)
  // Nobody stands before it to press a button.
  useEffect(() => {
    if (newer) moveOn()
  }, [newer])
  useEffect(() => {
    if (about !== undefined) lookAt(about)
  }, [about])
  const key = useClusterKey()
  const cluster = useDeferredValue(useClusters(({ all }) => (key === null ? null : (all[key] ?? null))))
  return (
    <main className="wall">
      <h1 className="sr-only">Wall display</h1>
      <div>
        <header className="wall-head">
          <Wordmark />
          <Others current={cluster?.key ?? null} />
          <Clock />
        </header>
        <GlassBar />
      </div>
      <Sentence cluster={cluster} />
      <div className="wall-body">
        <div className="wall-globe">{cluster && <Stage cluster={cluster} />}</div>
        {slide && <SlideView key={slide.id} slide={slide} />}
      </div>
      <ol className="wall-turns" aria-hidden="true">
        {slides.map((each) => (
          <li key={each.id} data-on={each === slide} />
        ))}
      </ol>
    </main>
  )
}

function Sentence({ cluster }: { cluster: Cluster | null }) {
  const live = useLive(cluster?.key)
  const { level, sentence } = useMemo(() => judgeHealth(cluster, live), [cluster, live])
  return (
    <p className="wall-sentence" role="status" data-level={level}>
      <Mark {...look(level)} label={level} />
      <span>{sentence}</span>
    </p>
  )
}

/** Every cluster by name and state, so that none is out of sight while another is shown. */
function Others({ current }: { current: string | null }) {
  const keys = useClusters(({ all }) => Object.keys(all).sort().join('\n'))
  return (
    <ul className="wall-clusters">
      {keys
        .split('\n')
        .filter(Boolean)
        .map((key) => (
          <Other key={key} cluster={key} current={key === current} />
        ))}
    </ul>
  )
}

function Other({ cluster, current }: { cluster: string; current: boolean }) {
  const name = useClusters(({ all }) => all[cluster]?.header.name ?? cluster)
  const whole = useDeferredValue(useClusters(({ all }) => all[cluster] ?? null))
  const live = useLive(cluster)
  const { word } = liveLooks[live]
  const { level } = useMemo(() => judgeHealth(whole, live), [whole, live])
  return (
    <li aria-current={current ? 'true' : undefined}>
      <Mark {...look(level)} label={level} />
      <span>{name}</span>
      {word !== 'Live' && <b>{word}</b>}
    </li>
  )
}

import type { ClusterListing } from '../../../../contract/rest.gen.ts'
import { path } from '../../../../lib/match.ts'
import { useClusters } from '../../../../stores/clusters.ts'
import { type Live, useLive } from '../../../../stores/live.ts'
import { seenWords } from '../../../../stores/seen.ts'
import { Mark, type Shape, type Tone } from '../../../../ui/Mark.tsx'

interface Props {
  readonly cluster: ClusterListing
  readonly busy: boolean
  readonly onPause: () => void
  readonly onEdit: () => void
  readonly onRemove: () => void
}

const origins = {
  configuration: 'from the configuration',
  added: 'added here',
  demo: 'simulated',
} as const

const looks: Readonly<Record<Live, readonly [Shape, Tone]>> = {
  connecting: ['spin', 'info'],
  waiting: ['spin', 'info'],
  idle: ['ring', 'off'],
  paused: ['bars', 'info'],
  live: ['disc', 'good'],
  stale: ['triangle', 'warn'],
  blind: ['cross', 'bad'],
  reconnecting: ['spin', 'warn'],
}

export function ClusterRow({ cluster, busy, onPause, onEdit, onRemove }: Props) {
  const live = useLive(cluster.key)
  const seen = useClusters(({ all }) => {
    const whole = all[cluster.key]
    return whole && whole.header.observedAt !== null ? seenWords(whole) : null
  })
  const [shape, tone] = looks[live]
  const configured = cluster.origin === 'configuration'
  return (
    <li>
      <div className="row-main">
        <b>
          {cluster.paused ? (
            <Mark shape="bars" tone="info" label="paused" />
          ) : (
            <Mark shape={shape} tone={tone} label={live} />
          )}{' '}
          <a className="detail-link" href={path('c', cluster.key)}>
            {cluster.name}
          </a>
        </b>
        <span className="tag">{cluster.key}</span>
        <span className="row-about">
          {cluster.paused ? 'paused' : live} · {origins[cluster.origin]}
          {seen && ` · ${seen}`}
        </span>
      </div>
      <div className="row-buttons">
        <button type="button" className="btn" disabled={busy} onClick={onPause}>
          {cluster.paused ? 'Resume' : 'Pause'}
          <span className="sr-only"> {cluster.name}</span>
        </button>
        {!configured && (
          <>
            {cluster.origin !== 'demo' && (
              <button type="button" className="btn" disabled={busy} onClick={onEdit}>
                Edit<span className="sr-only"> {cluster.name}</span>
              </button>
            )}
            <button type="button" className="btn btn-danger" disabled={busy} onClick={onRemove}>
              Remove<span className="sr-only"> {cluster.name}</span>
            </button>
          </>
        )}
      </div>
    </li>
  )
}

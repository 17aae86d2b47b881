import { health } from '../api/rest.ts'
import type { HealthStatus } from '../contract/rest.gen.ts'
import { capital } from '../lib/format.ts'
import { wait } from '../lib/wait.ts'
import { type Check, setCheck, useBoot } from '../stores/boot.ts'
import { useClusters } from '../stores/clusters.ts'
import { useLink } from '../stores/link.ts'
import { seenWords } from '../stores/seen.ts'

/** A connection that takes longer is told of, though it may still come. */
const SLOW = 4_000
/** Long enough to read that all is well, short enough not to be in the way. */
const PAUSE = 300
const KEPT = 'jarvis-boot'

const states: Readonly<Record<HealthStatus, Check['state']>> = {
  healthy: 'good',
  degraded: 'warn',
  unhealthy: 'bad',
}

/** Once a session of the browser's tab is enough. */
export const bootIsDue = (): boolean => sessionStorage.getItem(KEPT) === null

export function endBoot(): void {
  sessionStorage.setItem(KEPT, 'seen')
  useBoot.setState({ over: true })
}

async function checkServer(began: number): Promise<boolean> {
  setCheck({ id: 'server', name: 'Server', state: 'running', words: 'asking how it is', took: null })
  try {
    const report = await health()
    setCheck({ id: 'server', name: 'Server', state: 'good', words: 'answers', took: Date.now() - began })
    for (const check of report.checks)
      setCheck({
        id: `health ${check.name}`,
        name: capital(check.name),
        state: states[check.status],
        words: check.description ?? check.status,
        took: check.milliseconds,
      })
    return report.checks.every(({ status }) => status === 'healthy')
  } catch (problem) {
    const words = problem instanceof Error ? problem.message : 'It did not answer'
    setCheck({ id: 'server', name: 'Server', state: 'bad', words, took: Date.now() - began })
    return false
  }
}

/** Resolves when the connection is up; while it is late that is said. */
async function checkLink(began: number, signal: AbortSignal): Promise<boolean> {
  const name = 'Live connection'
  const up = () => useLink.getState().status === 'connected'
  setCheck({ id: 'link', name, state: 'running', words: 'being made', took: null })
  const late = new AbortController()
  const stop = useLink.subscribe(() => up() && late.abort())
  if (!up()) await wait(SLOW, AbortSignal.any([signal, late.signal]))
  stop()
  if (signal.aborted) return false
  const { refusal } = useLink.getState()
  const took = Date.now() - began
  if (up()) setCheck({ id: 'link', name, state: 'good', words: 'open', took })
  else
    setCheck({ id: 'link', name, state: 'bad', words: refusal ?? 'is not up yet; it goes on trying', took })
  return up()
}

function tellClusters(began: number): void {
  for (const cluster of Object.values(useClusters.getState().all)) {
    const { name, observedAt, blindSince, trouble } = cluster.header
    const id = `cluster ${cluster.key}`
    const took = Date.now() - began
    if (useBoot.getState().checks.some((check) => check.id === id && check.state === 'good')) continue
    if (blindSince !== null)
      setCheck({ id, name, state: 'bad', words: trouble ?? 'Proxmox does not answer', took })
    else if (observedAt === null)
      setCheck({ id, name, state: 'running', words: 'being read for the first time', took: null })
    else setCheck({ id, name, state: 'good', words: seenWords(cluster), took })
  }
}

/** Looks at everything once, each thing told of as it answers; ends by itself when all is well. */
export async function boot(signal: AbortSignal): Promise<void> {
  const began = Date.now()
  useBoot.setState({ checks: [], over: false })
  tellClusters(began)
  const stop = useClusters.subscribe(() => tellClusters(began))
  signal.addEventListener('abort', stop)
  const results = await Promise.all([checkServer(began), checkLink(began, signal)])
  if (signal.aborted || !results.every(Boolean)) return
  if (useBoot.getState().checks.some(({ state }) => state === 'bad')) return
  await wait(PAUSE, signal)
  if (!signal.aborted) endBoot()
}

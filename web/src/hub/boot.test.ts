import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer } from '../../tests/support/answers.ts'
import { view } from '../../tests/support/rows.ts'
import { useBoot } from '../stores/boot.ts'
import { setCluster, useClusters } from '../stores/clusters.ts'
import { useLink } from '../stores/link.ts'
import { fromView } from '../stores/merge.ts'
import { boot, bootIsDue } from './boot.ts'

const check = (name: string, status: string) => ({ name, status, description: null, milliseconds: 1.5 })
const report = (...checks: object[]) => ({
  'GET /api/health': { status: 200, body: { status: 'healthy', checkedAt: '2026-01-31T12:00:00Z', checks } },
})
const stateOf = (name: string) => useBoot.getState().checks.find((each) => each.name === name)?.state

let ended: AbortController

beforeEach(() => {
  vi.useFakeTimers()
  sessionStorage.clear()
  useClusters.setState({ all: {} })
  useLink.setState({ status: 'connecting', refusal: null })
  ended = new AbortController()
})
afterEach(() => {
  ended.abort()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('ends by itself when all is well, once a session', async () => {
  answer(report(check('accounts', 'healthy')))
  const booting = boot(ended.signal)
  await vi.waitFor(() => expect(stateOf('Accounts')).toBe('good'))
  expect(stateOf('Live connection')).toBe('running')
  useLink.setState({ status: 'connected' })
  setCluster(fromView(view('lab', []), 1))
  await vi.advanceTimersByTimeAsync(1_000)
  await booting
  expect(stateOf('Lab')).toBe('good')
  expect(useBoot.getState().over).toBe(true)
  expect(bootIsDue()).toBe(false)
})

it('trouble stays in sight', async () => {
  useLink.setState({ status: 'connected' })
  answer(report(check('accounts', 'healthy'), check('events', 'unhealthy')))
  const booting = boot(ended.signal)
  await vi.advanceTimersByTimeAsync(10_000)
  await booting
  expect(stateOf('Events')).toBe('bad')
  expect(useBoot.getState().over).toBe(false)
})

it('a connection that does not come is told of', async () => {
  answer(report())
  const booting = boot(ended.signal)
  await vi.advanceTimersByTimeAsync(10_000)
  await booting
  expect(stateOf('Live connection')).toBe('bad')
  expect(useBoot.getState().over).toBe(false)
})

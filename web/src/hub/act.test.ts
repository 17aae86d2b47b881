import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer, problem } from '../../tests/support/answers.ts'
import { useActs } from '../stores/acts.ts'
import { useSession } from '../stores/session.ts'
import { act, resume } from './act.ts'

const wish = { title: 'Change web (101)', tool: 'update_guest', args: { guest: 101 } }
const quiet = {
  'GET /api/approvals?all=false': { status: 200, body: [] },
  'GET /api/monitor/killswitch': { status: 200, body: { active: false, by: null, at: null } },
  'GET /api/break-glass': { status: 200, body: [] },
}
const stands = (outcome: string, more: object = {}) => ({
  status: 200,
  body: {
    outcome,
    verdict: 'ALLOW_LOGGED',
    auditId: 'run',
    result: null,
    why: null,
    progress: null,
    ...more,
  },
})
const said = () => [...useActs.getState().all.values()][0]
const asked = (...runs: Parameters<typeof answer>[0][string][]) =>
  answer({
    ...quiet,
    'POST /api/tools/execute': [stands('planned'), stands('running')],
    'GET /api/tools/runs/run': runs.flat(),
  })
const completed = (result: unknown) => asked(stands('completed', { result }))
const ended = { upid: 'UPID:x', outcome: 'ok', exitStatus: 'OK', durationSeconds: 1, lastLogLines: [] }

beforeEach(() => {
  vi.useFakeTimers()
  useActs.setState({ all: new Map(), question: null })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function told(): Promise<ReturnType<typeof said>> {
  const done = act(wish)
  await vi.runAllTimersAsync()
  await done
  return said()
}

it('what waits for the next start is not told as done', async () => {
  completed({ changed: ['memory', 'cores'], waitForNextStart: ['memory'], snapshot: null })
  expect(await told()).toMatchObject({
    outcome: 'completed',
    why: 'Not in effect before the next start: memory.',
    caution: true,
  })
})

it('what took effect in full has nothing to add', async () => {
  completed({ changed: ['cores'], waitForNextStart: [], snapshot: null })
  expect(await told()).toMatchObject({ outcome: 'completed', why: null, caution: false, steps: [] })
})

it('a task that ended with warnings says so, also within what made a new guest', async () => {
  completed({ ...ended, outcome: 'warnings', exitStatus: 'WARNINGS: 2' })
  expect(await told()).toMatchObject({
    why: 'Its task ended with WARNINGS: 2; its log tells more.',
    caution: true,
  })
  useActs.setState({ all: new Map() })
  completed({ vmid: 120, task: { ...ended, outcome: 'warnings', exitStatus: 'WARNINGS: 1' } })
  expect(await told()).toMatchObject({
    why: 'Its number is 120. Its task ended with WARNINGS: 1; its log tells more.',
    caution: true,
  })
})

it('a new guest’s number is told', async () => {
  completed({ vmid: 120, task: ended })
  expect(await told()).toMatchObject({ why: 'Its number is 120.', caution: false })
})

it('of many guests it is told how many were done, which were not, and what became of each', async () => {
  const step = (vmid: number, outcome: string, text: string) => ({
    vmid,
    name: `g${vmid}`,
    outcome,
    told: text,
  })
  const steps = [step(1, 'done', 'UPID:a'), step(2, 'failed', 'It is locked.'), step(3, 'done', 'UPID:b')]
  completed({ guests: steps })
  expect(await told()).toMatchObject({ why: '2 done. 1 failed: g2 (2).', caution: true, steps })
  useActs.setState({ all: new Map() })
  completed({ guests: steps.filter(({ outcome }) => outcome === 'done') })
  expect(await told()).toMatchObject({ why: '2 guests.', caution: false })
})

it('a result that was cut to a text, or tells nothing, is told as done', async () => {
  completed('{"guests":[{"vm')
  expect(await told()).toMatchObject({ outcome: 'completed', why: null, caution: false, steps: [] })
})

it('a run that the server does not know is not asked about for ever', async () => {
  const calls = asked(problem(404, 'RUN_UNKNOWN', 'No run of this id is known, or it is not yours.'))
  expect(await told()).toMatchObject({
    outcome: 'unknown',
    why: expect.stringContaining('no such run'),
  })
  expect(calls.filter(({ url }) => url.endsWith('/runs/run'))).toHaveLength(1)
})

it('a server that cannot be reached for a while is asked again', async () => {
  asked(problem(503, 'DOWN', 'It starts.'), stands('completed'))
  expect(await told()).toMatchObject({ outcome: 'completed' })
})

it('what the same person began before is told of until it ends, and what others began is not', async () => {
  useSession.setState({ role: 'operator', wall: false })
  const runs = [
    {
      auditId: 'run',
      tool: 'evacuate_node',
      targets: 'node pve1',
      progress: { text: '1 of 3', share: null },
      mine: true,
    },
    { auditId: 'other', tool: 'stop_vm', targets: 'guest 101', progress: null, mine: false },
  ]
  answer({
    ...quiet,
    'GET /api/tools/runs': { status: 200, body: runs },
    'GET /api/tools/runs/run': [stands('running'), stands('completed')],
  })
  await resume()
  expect(said()).toMatchObject({
    title: 'evacuate_node: node pve1',
    outcome: 'running',
    auditId: 'run',
    why: '1 of 3',
  })
  await vi.runAllTimersAsync()
  expect(said()).toMatchObject({ outcome: 'completed' })
  expect(useActs.getState().all.size).toBe(1)
})

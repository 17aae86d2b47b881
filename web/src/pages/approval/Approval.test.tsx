import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer, problem } from '../../../tests/support/answers.ts'
import { approval } from '../../../tests/support/calls.ts'
import { useAnswers } from '../../stores/answers.ts'
import { useGate } from '../../stores/gate.ts'
import Approval from './Approval.tsx'

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
const used = approval({ state: 'consumed', decidedBy: 'ann', run: 'run' })
const open = (...runs: Parameters<typeof answer>[0][string][]) => {
  const asked = answer({
    'GET /api/approvals/one': { status: 200, body: used },
    'GET /api/tools/runs/run': runs.flat(),
  })
  render(<Approval cluster="" params={{ id: 'one' }} />)
  return asked
}
const says = (text: string) =>
  waitFor(() => expect(screen.getByRole('status').textContent).toBe(`It was approved by ann. ${text}`))

beforeEach(() => {
  useAnswers.setState({ all: {} })
  useGate.setState({ waiting: null })
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('an approved call whose run failed is not told as done', async () => {
  open(stands('failed', { why: 'VM 101 is locked (backup).' }))
  await says('It failed: VM 101 is locked (backup).')
})

it('one that was done says what came of it', async () => {
  open(stands('completed', { result: { vmid: 120, task: { outcome: 'ok', exitStatus: 'OK' } } }))
  await says('It was done. Its number is 120.')
})

it('one that runs is followed to its end', async () => {
  vi.useFakeTimers()
  const asked = open(
    stands('running', { progress: { text: 'reading', share: 0.4 } }),
    stands('running'),
    stands('unknown', { why: 'The node cannot be asked.' }),
  )
  await act(() => vi.advanceTimersByTimeAsync(10))
  expect(screen.getByRole('status').textContent).toContain('It is under way: 40 %: reading')
  await act(() => vi.advanceTimersByTimeAsync(10_000))
  expect(screen.getByRole('status').textContent).toContain('How it ended is not known: The node')
  expect(asked.filter(({ url }) => url.endsWith('/runs/run'))).toHaveLength(3)
})

it('one whose run is not known any more says so', async () => {
  open(problem(404, 'RUN_UNKNOWN', 'No run of this id is known, or it is not yours.'))
  await says('What became of it is not known here any more.')
})

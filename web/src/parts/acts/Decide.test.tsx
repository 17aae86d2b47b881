import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer, problem } from '../../../tests/support/answers.ts'
import { approval, plan } from '../../../tests/support/calls.ts'
import type { ApprovalView } from '../../contract/rest.gen.ts'
import { askAbout, useActs } from '../../stores/acts.ts'
import { useClock } from '../../stores/clock.ts'
import { useGate } from '../../stores/gate.ts'
import { useSession } from '../../stores/session.ts'
import Question from './Question.tsx'

const done = { outcome: 'completed', verdict: 'ALLOW_LOGGED', auditId: 'run', why: null, approval: null }
const off = {
  'GET /api/monitor/killswitch': { status: 200, body: { active: false, by: null, at: null } },
  'GET /api/break-glass': { status: 200, body: [] },
}

const open = (one: ApprovalView) => {
  useGate.setState({ waiting: [one] })
  askAbout(one)
  render(<Question />)
}
const press = (name: string) => act(async () => void fireEvent.click(screen.getByRole('button', { name })))
const say = (name: string, value: string) =>
  fireEvent.change(screen.getByLabelText(name), { target: { value } })

beforeEach(() => {
  useSession.setState({ role: 'operator', wall: false })
  useActs.setState({ all: new Map(), question: null })
  useGate.setState({ waiting: null, trouble: null, kill: null })
  useClock.setState({ now: Date.now() })
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('a wrong keyword can be tried again, is not kept in the field, and goes with what was seen', async () => {
  const one = approval({ tier: 'orange', keywordRequired: true })
  const asked = answer({
    ...off,
    'GET /api/approvals?all=false': { status: 200, body: [one] },
    'POST /api/approvals/one/decide': [
      problem(403, 'NEEDS_FACTOR', 'That is not the approval keyword.'),
      { status: 200, body: done },
    ],
  })
  open(one)
  expect(screen.getByRole('button', { name: 'Approve' })).toHaveProperty('disabled', true)
  say('Approval keyword', 'wrong')
  await press('Approve')
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('you can try again'))
  expect(screen.getByLabelText('Approval keyword')).toHaveProperty('value', '')
  say('Approval keyword', 'right')
  await press('Approve')
  await waitFor(() => expect(useActs.getState().question).toBeNull())
  const sent = asked.filter(({ method }) => method === 'POST').map(({ body }) => body)
  expect(sent).toEqual([
    { decision: 'approve', seen: 'digest', keyword: 'wrong' },
    { decision: 'approve', seen: 'digest', keyword: 'right' },
  ])
  expect([...useActs.getState().all.values()]).toMatchObject([{ outcome: 'completed' }])
})

it('what runs out while it is looked at can no longer be decided', () => {
  const one = approval()
  open(one)
  expect(screen.getByRole('button', { name: 'Approve' })).toBeTruthy()
  act(() => useClock.setState({ now: Date.parse(one.expiresAt) }))
  expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull()
  expect(screen.getByRole('status').textContent).toContain('nothing was done')
})

it('what another decides can no longer be decided here', () => {
  open(approval())
  act(() => useGate.setState({ waiting: [] }))
  expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull()
  expect(screen.getByRole('status').textContent).toContain('decided meanwhile')
})

it('the kill switch is said to be the reason where it denied what waited', () => {
  open(approval())
  act(() => useGate.setState({ waiting: [], kill: { active: true, by: 'bob', at: null } }))
  expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull()
  expect(screen.getByRole('status').textContent).toContain('kill switch')
})

it('where the clock here is behind the server’s, it is the server that says that the time is over', async () => {
  const one = approval()
  const asked = answer({
    ...off,
    'GET /api/approvals?all=false': { status: 200, body: [one] },
    'POST /api/approvals/one/decide': problem(409, 'DENY_EXPIRED', 'It expired at 10:00:00.'),
  })
  open(one)
  await press('Approve')
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('ask for it again'))
  expect(screen.getByText(/It expired at 10:00:00/)).toBeTruthy()
  expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
})

it('a target that changed meanwhile is said so in words a newcomer understands, with the server’s own', async () => {
  const one = approval()
  answer({
    ...off,
    'GET /api/approvals?all=false': { status: 200, body: [one] },
    'POST /api/approvals/one/decide': problem(409, 'DENY_STATE', 'web (101) is stopped.'),
  })
  open(one)
  await press('Approve')
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Nothing was done'))
  expect(screen.getByText(/web \(101\) is stopped\./)).toBeTruthy()
})

it('edited arguments are planned anew, and the new plan is what is asked', async () => {
  const one = approval()
  const two = approval({ id: 'two', plan: plan({ summary: 'db (102) is stopped hard.' }) })
  const asked = answer({
    ...off,
    'GET /api/approvals?all=false': { status: 200, body: [one, two] },
    'POST /api/approvals/one/decide': {
      status: 202,
      body: { ...done, outcome: 'waiting', verdict: 'NEEDS_HUMAN', approval: two },
    },
  })
  open(one)
  await press('Edit')
  fireEvent.change(screen.getByRole('textbox'), { target: { value: '{"guest":102}' } })
  await press('Look at the new plan')
  await waitFor(() => expect(screen.getByText('db (102) is stopped hard.')).toBeTruthy())
  expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({
    decision: 'approve',
    args: { guest: 102 },
  })
})

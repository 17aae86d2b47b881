import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer, problem } from '../../../tests/support/answers.ts'
import { ask, useActs } from '../../stores/acts.ts'
import { useClock } from '../../stores/clock.ts'
import { useGate } from '../../stores/gate.ts'
import { useSession } from '../../stores/session.ts'
import { GlassBar } from './GlassBar.tsx'
import Question from './Question.tsx'

const off = {
  'GET /api/monitor/killswitch': { status: 200, body: { active: false, by: null, at: null } },
  'GET /api/approvals?all=false': { status: 200, body: [] },
}
const glass = (change = {}) => ({
  user: 'ada',
  reason: 'the door is stuck',
  until: new Date(Date.now() + 65_000).toISOString(),
  yours: false,
  ...change,
})
const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })
const press = (name: string) => act(async () => void fireEvent.click(screen.getByRole('button', { name })))

beforeEach(() => {
  useSession.setState({ role: 'admin', wall: false })
  useActs.setState({ all: new Map(), question: null })
  useGate.setState({ waiting: null, trouble: null, kill: null, glasses: [] })
  useClock.setState({ now: Date.now() })
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('asks for a reason and the password, and says at which of them it was refused', async () => {
  const asked = answer({
    ...off,
    'GET /api/break-glass': { status: 200, body: [glass({ yours: true })] },
    'POST /api/break-glass': [
      problem(400, 'DENY_ARGS', 'Say why in 5 to 500 characters.'),
      problem(403, 'PASSWORD_WRONG', 'This is not the current password.'),
      { status: 200, body: glass({ yours: true }) },
    ],
  })
  ask({ kind: 'glass' })
  render(
    <>
      <GlassBar />
      <Question />
    </>,
  )
  const invalid = () =>
    ['Reason', 'Your own password'].map((name) => screen.getByLabelText(name).getAttribute('aria-invalid'))
  type('Reason', 'door')
  type('Your own password', 'mine')
  await press('Break the glass')
  await waitFor(() => expect(invalid()).toEqual(['true', null]))
  type('Reason', ' the door is stuck ')
  await press('Break the glass')
  await waitFor(() => expect(invalid()).toEqual([null, 'true']))
  await press('Break the glass')
  await waitFor(() => expect(useActs.getState().question).toBeNull())
  expect(screen.getByText(/Your own RED and ORANGE calls/).textContent).toContain('the door is stuck')
  expect(asked.filter(({ method }) => method === 'POST').at(-1)?.body).toEqual({
    password: 'mine',
    reason: 'the door is stuck',
  })
})

it('stands there until its time is over, for whoever looks; an operator ends it', async () => {
  const asked = answer({
    ...off,
    'GET /api/break-glass': { status: 200, body: [] },
    'DELETE /api/break-glass': [
      problem(503, 'SAFETY_UNAVAILABLE', 'It cannot be recorded.'),
      { status: 204 },
    ],
  })
  const one = glass()
  useGate.setState({ glasses: [one] })
  useClock.setState({ now: Date.parse(one.until) - 65_000 })
  useSession.setState({ role: 'viewer' })
  render(<GlassBar />)
  expect(screen.getByText(/ada’s RED and ORANGE calls/)).toBeTruthy()
  expect(screen.getByText('1m 5s left')).toBeTruthy()
  expect(screen.queryByRole('button')).toBeNull()
  act(() => useSession.setState({ role: 'operator' }))
  await press('End now')
  expect((await screen.findByRole('alert')).textContent).toContain('It cannot be recorded.')
  await press('End now')
  await waitFor(() => expect(screen.queryByText(/The glass is broken/)).toBeNull())
  expect(asked.filter(({ method }) => method === 'DELETE')).toHaveLength(2)
  act(() => useGate.setState({ glasses: [one] }))
  expect(screen.getByText(/The glass is broken/)).toBeTruthy()
  act(() => useClock.setState({ now: Date.parse(one.until) }))
  expect(screen.queryByText(/The glass is broken/)).toBeNull()
})

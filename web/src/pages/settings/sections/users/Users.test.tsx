import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer, problem } from '../../../../../tests/support/answers.ts'
import { forgetAnswers } from '../../../../stores/answers.ts'
import Users from './Users.tsx'

const session = (id: string, user: string, change = {}) => ({
  id,
  user,
  agent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
  address: `10.0.0.${id}`,
  startedAt: '2026-01-31T10:00:00Z',
  seenAt: '2026-01-31T12:00:00Z',
  current: false,
  wall: false,
  ...change,
})
const all = [
  session('1', 'ada', { current: true }),
  session('2', 'bob'),
  session('3', 'hall', { wall: true }),
]

beforeEach(() => forgetAnswers())
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('shows where everybody is signed in and ends each session but the own', async () => {
  const asked = answer({
    'GET /api/users': { status: 200, body: [] },
    'GET /api/auth/sessions?all=true': [
      { status: 200, body: all },
      { status: 200, body: all.filter(({ user }) => user !== 'bob') },
    ],
    'DELETE /api/auth/sessions/2': [
      problem(404, 'SESSION_UNKNOWN', 'It has ended already.'),
      { status: 204 },
    ],
  })
  render(<Users />)
  const list = await screen.findByRole('list', { name: 'Sessions' })
  const rows = within(list).getAllByRole('listitem')
  expect(rows.map((row) => row.querySelector('b')?.textContent)).toEqual(['ada', 'bob', 'hall'])
  expect(rows.map((row) => within(row).queryByRole('button') !== null)).toEqual([false, true, true])
  expect(rows[2]?.textContent).toContain('Wall display')
  fireEvent.click(within(list).getByRole('button', { name: 'End the session of bob from 10.0.0.2' }))
  expect((await screen.findByRole('alert')).textContent).toContain('It has ended already')
  await vi.waitFor(() => expect(screen.queryByText('bob')).toBeNull())
  expect(asked.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
})

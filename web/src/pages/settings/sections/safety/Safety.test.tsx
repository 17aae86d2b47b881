import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer, problem } from '../../../../../tests/support/answers.ts'
import type { PolicyView } from '../../../../contract/rest.gen.ts'
import { forgetAnswers } from '../../../../stores/answers.ts'
import { useSession } from '../../../../stores/session.ts'
import Safety from './Safety.tsx'

const guest = (id: string) => ({
  kind: 'guest' as const,
  cluster: null,
  id,
  name: null,
  tag: null,
  pool: null,
  why: 'the router',
})
const view: PolicyView = {
  policy: {
    protected: [guest('101')],
    twoPersons: [],
    writesPerHour: 30,
    writesPerIncident: 3,
    requestsPerMinute: 10,
    approvalMinutes: 5,
  },
  configuredProtected: [guest('100')],
  configuredTwoPersons: [],
  own: [],
  version: 'one',
  by: null,
  at: null,
}
const unset = { status: 200, body: { set: false, lockedUntil: null } }
const set = { status: 200, body: { set: true, lockedUntil: null } }
const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

beforeEach(() => {
  forgetAnswers()
  useSession.setState({ role: 'admin', user: 'ada' })
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('without a keyword it says what that means; a refusal stands at the field that it is about', async () => {
  const asked = answer({
    'GET /api/keyword': [unset, set],
    'GET /api/policy': { status: 200, body: view },
    'PUT /api/keyword': [
      problem(400, 'DENY_ARGS', 'The keyword must have 6 to 128 characters.'),
      problem(403, 'PASSWORD_WRONG', 'This is not the current password.'),
      set,
    ],
  })
  render(<Safety />)
  expect(await screen.findByText(/are refused until there is one/)).toBeTruthy()
  type('New keyword', 'swordfish')
  type('Your own password', 'mine')
  press('Set the keyword')
  const invalid = (label: string) => screen.getByLabelText(label).getAttribute('aria-invalid')
  await waitFor(() => expect(invalid('New keyword')).toBe('true'))
  expect(screen.getByText(/6 to 128 characters\.$/)).toBeTruthy()
  press('Set the keyword')
  await waitFor(() => expect(invalid('Your own password')).toBe('true'))
  expect(invalid('New keyword')).toBeNull()
  press('Set the keyword')
  expect(await screen.findByText('It is set.')).toBeTruthy()
  expect(screen.getByLabelText('New keyword')).toHaveProperty('value', '')
  expect(asked.filter(({ method }) => method === 'PUT').at(-1)?.body).toEqual({
    password: 'mine',
    keyword: 'swordfish',
  })
})

it('a rule of the configuration stays, one that was set goes; others’ changes meanwhile are kept', async () => {
  const meanwhile = { ...view, policy: { ...view.policy, approvalMinutes: 9 } }
  const asked = answer({
    'GET /api/keyword': unset,
    'GET /api/policy': [
      { status: 200, body: view },
      { status: 200, body: meanwhile },
    ],
    'PUT /api/policy': { status: 200, body: meanwhile },
  })
  render(<Safety />)
  const list = within(await screen.findByRole('list', { name: 'Protected' }))
  const rows = list.getAllByRole('listitem')
  expect(rows.map((row) => within(row).queryByRole('button') !== null)).toEqual([false, true])
  press('Remove guest 101')
  fireEvent.click(screen.getByRole('button', { name: 'Remove' }))
  await waitFor(() => expect(asked.some(({ method }) => method === 'PUT')).toBe(true))
  expect(asked.find(({ method }) => method === 'PUT')?.body).toEqual({ ...meanwhile.policy, protected: [] })
})

it('a limit that is out of bounds is refused at its field, in the server’s words', async () => {
  answer({
    'GET /api/keyword': unset,
    'GET /api/policy': { status: 200, body: view },
    'PUT /api/policy': problem(400, 'DENY_ARGS', 'approvalMinutes must be 1 to 60.'),
  })
  render(<Safety />)
  const field = await screen.findByLabelText<HTMLInputElement>('Minutes that a call waits')
  expect(screen.getByRole('button', { name: 'Save the limits' })).toHaveProperty('disabled', true)
  fireEvent.change(field, { target: { value: '90' } })
  press('Save the limits')
  expect(await screen.findByText('approvalMinutes must be 1 to 60.')).toBeTruthy()
  expect(field.getAttribute('aria-invalid')).toBe('true')
  expect(field.value).toBe('90')
})

it('an operator sees the rules and changes none', async () => {
  useSession.setState({ role: 'operator' })
  answer({ 'GET /api/keyword': unset, 'GET /api/policy': { status: 200, body: view } })
  render(<Safety />)
  expect(await screen.findByText('guest 101')).toBeTruthy()
  expect(await screen.findByText('An administrator sets it.')).toBeTruthy()
  expect(screen.queryAllByRole('button')).toEqual([])
  expect(screen.queryAllByRole('textbox')).toEqual([])
})

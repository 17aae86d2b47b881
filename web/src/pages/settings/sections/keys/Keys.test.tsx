import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer, problem } from '../../../../../tests/support/answers.ts'
import { tool } from '../../../../../tests/support/calls.ts'
import { guest, view } from '../../../../../tests/support/rows.ts'
import { forgetAnswers } from '../../../../stores/answers.ts'
import { setCluster, useClusters } from '../../../../stores/clusters.ts'
import { fromView } from '../../../../stores/merge.ts'
import Keys from './Keys.tsx'

const key = {
  id: 'k1',
  name: 'night',
  owner: 'ada',
  role: 'operator',
  ceiling: 'yellow',
  grants: [{ tool: 'stop_vm', targets: [{ cluster: 'lab', kind: 'guest', id: '100' }] }],
  createdAt: '2026-01-02T10:00:00Z',
  usedAt: null,
  expiresAt: null,
}
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })

beforeEach(() => {
  forgetAnswers()
  setCluster(fromView(view('lab', [guest(100)]), 1))
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  useClusters.setState({ all: {} })
})

it('a key is made with a grant, its secret is shown until it is put away, and it is revoked', async () => {
  const asked = answer({
    'GET /api/keys': [
      { status: 200, body: [] },
      { status: 200, body: [key] },
      { status: 200, body: [] },
    ],
    'GET /api/tools': { status: 200, body: [tool('stop_vm', 'red', ['guest'])] },
    'POST /api/keys': [
      problem(409, 'KEY_TAKEN', 'There is a key night already.'),
      { status: 201, body: { key, secret: 'jarvis_very-secret' } },
    ],
    'DELETE /api/keys/k1': { status: 204 },
  })
  render(<Keys />)
  await screen.findByText('No API keys')
  type('Name', 'night')
  fireEvent.click(screen.getByRole('radio', { name: /operator/ }))
  type('Acts alone up to', 'yellow')
  await waitFor(() =>
    expect(screen.getByRole('button', { name: 'Add a grant' })).toHaveProperty('disabled', false),
  )
  press('Add a grant')
  type('Tool', 'stop_vm')
  type('Guests', '100')
  type('Good for', '')
  press('Make a key')
  await waitFor(() => expect(screen.getByLabelText('Name').getAttribute('aria-invalid')).toBe('true'))
  press('Make a key')
  expect(await screen.findByText('jarvis_very-secret')).toBeTruthy()
  expect(asked.filter(({ method }) => method === 'POST').at(-1)?.body).toEqual({
    name: 'night',
    role: 'operator',
    ceiling: 'yellow',
    days: null,
    grants: key.grants,
  })
  expect((await screen.findByRole('list', { name: 'API keys' })).textContent).toContain(
    'Stop VM on guest 100',
  )
  press('Done')
  expect(screen.queryByText('jarvis_very-secret')).toBeNull()
  expect(screen.getByLabelText('Name')).toHaveProperty('value', '')
  press('Revoke night')
  press('Revoke')
  await screen.findByText('No API keys')
  expect(asked.some(({ method }) => method === 'DELETE')).toBe(true)
})

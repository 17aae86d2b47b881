import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer, problem } from '../../../../../tests/support/answers.ts'
import type { ClusterOrigin } from '../../../../contract/hubs.gen.ts'
import { forgetAnswers } from '../../../../stores/answers.ts'
import Clusters from './Clusters.tsx'

const listing = (key: string, origin: ClusterOrigin) => ({ key, name: key, origin, paused: false })
const settings = {
  key: 'lab',
  name: 'Lab',
  origin: 'added',
  paused: false,
  endpoints: ['https://10.0.0.1:8006'],
  fingerprints: [],
  tokenId: 'jarvis@pve!screen',
  cadenceSeconds: 10,
}
const button = (name: string) => screen.queryByRole('button', { name })
const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })

beforeEach(() => forgetAnswers())
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it.each(['configuration', 'demo'] as const)(
  'no second demo is offered beside one from %s',
  async (origin) => {
    answer({ 'GET /api/clusters': { status: 200, body: [listing('demo', origin)] } })
    render(<Clusters />)
    expect(await screen.findByRole('button', { name: 'Pause demo' })).toBeTruthy()
    expect(button('Start a demo')).toBeNull()
  },
)

it('a demo is offered beside a real cluster', async () => {
  answer({ 'GET /api/clusters': { status: 200, body: [listing('lab', 'added')] } })
  render(<Clusters />)
  expect(await screen.findByRole('button', { name: 'Start a demo' })).toBeTruthy()
})

it('of a cluster only what was changed is sent, and a refusal keeps what was typed', async () => {
  const asked = answer({
    'GET /api/clusters': { status: 200, body: [listing('lab', 'added')] },
    'GET /api/clusters/lab/settings': { status: 200, body: settings },
    'PATCH /api/clusters/lab': [
      problem(422, 'PROXMOX_REFUSED', 'The token is not good.'),
      { status: 200, body: { ...settings, name: 'Home' } },
    ],
  })
  render(<Clusters />)
  fireEvent.click(await screen.findByRole('button', { name: 'Edit lab' }))
  await screen.findByText('https://10.0.0.1:8006')
  type('Name', ' Home ')
  type('New token', 'jarvis@pve!screen=0a1b2c3d-1111-2222-3333-0123456789ab')
  fireEvent.click(screen.getByText('Save'))
  expect((await screen.findByRole('alert')).textContent).toContain('The token is not good')
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe(' Home ')
  fireEvent.click(screen.getByText('Save'))
  await vi.waitFor(() => expect(screen.queryByLabelText('New token')).toBeNull())
  const sent = asked.filter(({ method }) => method === 'PATCH').map(({ body }) => body)
  const change = { name: 'Home', token: 'jarvis@pve!screen=0a1b2c3d-1111-2222-3333-0123456789ab' }
  expect(sent).toEqual([change, change])
})

import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer, problem } from '../../../tests/support/answers.ts'
import { guest, view } from '../../../tests/support/rows.ts'
import type { ClusterOrigin } from '../../contract/hubs.gen.ts'
import { forgetAnswers } from '../../stores/answers.ts'
import { setCluster, useClusters } from '../../stores/clusters.ts'
import { useLocation } from '../../stores/location.ts'
import { fromView } from '../../stores/merge.ts'
import { Done } from './Done.tsx'

const listing = (key: string, origin: ClusterOrigin, paused = false) => ({ key, name: key, origin, paused })
const STOP = 'Stop watching the simulated cluster'
const path = () => useLocation.getState().path

beforeEach(() => {
  forgetAnswers()
  useLocation.setState({ path: '/setup/done' })
  setCluster(fromView(view('lab', [guest(100)]), 1))
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  useClusters.setState({ all: {} })
})

it('leads to the real cluster, not to the demo, and stays when that is refused', async () => {
  answer({
    'GET /api/clusters': { status: 200, body: [listing('demo', 'configuration'), listing('lab', 'added')] },
    'POST /api/setup/finish': [problem(500, 'BROKEN', 'The disk is full.'), { status: 204 }],
  })
  render(<Done onBack={() => {}} />)
  await screen.findByRole('button', { name: STOP })
  fireEvent.click(screen.getByRole('button', { name: 'To the screen' }))
  expect((await screen.findByRole('alert')).textContent).toContain('The disk is full')
  expect(path()).toBe('/setup/done')
  fireEvent.click(screen.getByRole('button', { name: 'To the screen' }))
  await vi.waitFor(() => expect(path()).toBe('/c/lab'))
})

it('a demo of the configuration, which cannot be removed, is paused, and then offered no more', async () => {
  const lab = listing('lab', 'added')
  const asked = answer({
    'GET /api/clusters': [
      { status: 200, body: [listing('demo', 'configuration'), lab] },
      { status: 200, body: [listing('demo', 'configuration', true), lab] },
    ],
    'DELETE /api/clusters/demo': problem(409, 'CLUSTER_CONFIGURED', 'It comes from the configuration.'),
    'PATCH /api/clusters/demo': { status: 200, body: {} },
  })
  render(<Done onBack={() => {}} />)
  fireEvent.click(await screen.findByRole('button', { name: STOP }))
  await vi.waitFor(() => expect(screen.queryByRole('button', { name: STOP })).toBeNull())
  expect(asked.find(({ method }) => method === 'PATCH')?.body).toEqual({ paused: true })
})

it('a demo that is all there is stays without a word', async () => {
  const asked = answer({ 'GET /api/clusters': { status: 200, body: [listing('demo', 'demo')] } })
  render(<Done onBack={() => {}} />)
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  await screen.findByRole('button', { name: 'To the screen' })
  expect(screen.queryByRole('button', { name: STOP })).toBeNull()
})

import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer, problem } from '../../../tests/support/answers.ts'
import { forgetAnswers } from '../../stores/answers.ts'
import { useLocation } from '../../stores/location.ts'
import { useSession } from '../../stores/session.ts'
import Setup from './Setup.tsx'

const step = (id: string, done: boolean, required = true) => ({ id, title: id, done, required })
const state = (needsAdmin: boolean, cluster: boolean) => ({
  needsAdmin,
  offered: !needsAdmin,
  steps: needsAdmin ? [] : [step('admin', true), step('cluster', cluster), step('keyword', false, false)],
})
const demo = { key: 'demo', name: 'Home lab', origin: 'demo', paused: false, nodes: 3, guests: 25 }

const hub = vi.hoisted(() => ({ signUp: vi.fn() }))
vi.mock('../../hub/session.ts', () => ({ signUp: hub.signUp }))

function Routed() {
  const path = useLocation((location) => location.path)
  const wanted = path.split('/')[2]
  return <Setup cluster="" params={wanted === undefined ? {} : { step: wanted }} />
}
const at = (path: string) => act(() => useLocation.setState({ path }))
const asAdmin = () => useSession.setState({ status: 'signedIn', user: 'ada', role: 'admin' })

beforeEach(() => {
  sessionStorage.clear()
  hub.signUp.mockReset()
  useSession.setState({ status: 'signedOut', user: null, role: null })
  useLocation.setState({ path: '/setup' })
  forgetAnswers()
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('a refused account keeps what was typed and says why', async () => {
  answer({ 'GET /api/setup': { status: 200, body: state(true, false) } })
  const { Problem } = await import('../../api/http.ts')
  hub.signUp.mockRejectedValueOnce(new Problem(403, { code: 'SETUP_TOKEN', detail: 'That link was used.' }))
  render(<Routed />)
  const token = await screen.findByLabelText('One-time token')
  fireEvent.change(token, { target: { value: 'http://localhost:5080/setup#abc' } })
  fireEvent.change(screen.getByLabelText('User name'), { target: { value: 'ada' } })
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'correct horse battery' } })
  fireEvent.click(screen.getByRole('button', { name: 'Make the account' }))
  expect(await screen.findByText(/That link was used/)).toBeTruthy()
  expect(hub.signUp).toHaveBeenCalledWith('abc', 'ada', 'correct horse battery')
  expect(screen.getByLabelText<HTMLInputElement>('Password').value).toBe('correct horse battery')
})

it('a reload goes on at the first step that is not done', async () => {
  asAdmin()
  answer({
    'GET /api/setup': { status: 200, body: state(false, false) },
    'GET /api/clusters': { status: 200, body: [] },
  })
  render(<Routed />)
  expect(await screen.findByText('What shall Jarvis watch?')).toBeTruthy()
  expect(screen.getByRole('listitem', { current: 'step' }).textContent).toBe('A cluster')
  at('/setup/admin')
  expect(await screen.findByText('ada')).toBeTruthy()
})

it('with the demo running it can be kept, a cluster connected, or all of it skipped', async () => {
  asAdmin()
  const asked = answer({
    'GET /api/setup': { status: 200, body: state(false, true) },
    'GET /api/clusters': { status: 200, body: [demo] },
    'GET /api/keyword': { status: 200, body: { set: false, lockedUntil: null } },
    'POST /api/setup/finish': [problem(500, 'BROKEN', 'The disk is full.'), { status: 204 }],
  })
  render(<Routed />)
  expect(await screen.findByText('Keep the simulated home lab')).toBeTruthy()
  expect(screen.getByText('Connect a real cluster')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Skip the set-up' }))
  expect((await screen.findByRole('alert')).textContent).toContain('The disk is full')
  fireEvent.click(screen.getByText('Keep the simulated home lab'))
  expect(await screen.findByText(/Until there is one such calls are refused/)).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Later' }))
  fireEvent.click(await screen.findByRole('button', { name: 'To the screen' }))
  await vi.waitFor(() => expect(useLocation.getState().path).toBe('/'))
  expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(2)
})

it('whoever is no administrator finds nothing to do here', async () => {
  useSession.setState({ status: 'signedIn', user: 'bob', role: 'viewer' })
  answer({ 'GET /api/setup': { status: 200, body: { needsAdmin: false, offered: false, steps: [] } } })
  render(<Routed />)
  expect(await screen.findByText('Already set up')).toBeTruthy()
})

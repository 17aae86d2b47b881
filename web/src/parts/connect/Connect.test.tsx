import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { answer, problem } from '../../../tests/support/answers.ts'
import { useSession } from '../../stores/session.ts'
import { Connect } from './Connect.tsx'

const token = 'jarvis@pve!screen=0a1b2c3d-1111-2222-3333-0123456789ab'
const address = 'https://10.0.0.1:8006'
const fingerprint = Array.from({ length: 32 }, (_, i) => (i + 16).toString(16).toUpperCase()).join(':')

const probe = {
  address,
  fingerprint,
  subject: 'CN=pve1',
  issuer: 'CN=Proxmox Virtual Environment',
  names: ['pve1'],
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2028-01-01T00:00:00Z',
  publiclyTrusted: false,
}
const blindTest = {
  name: '10.0.0.1',
  version: '9.1.6',
  tokenId: 'jarvis@pve!screen',
  quorate: null,
  nodes: [{ name: 'pve1', address: '10.0.0.1', fingerprint, online: true }],
  guests: null,
  storages: null,
  canSeeNodes: true,
  canSeeGuests: false,
  canSeeStorage: false,
  missing: ['VM.Audit', 'Datastore.Audit'],
  cure: ["pveum acl modify / --roles PVEAuditor --tokens 'jarvis@pve!screen'"],
}
const seeingTest = {
  ...blindTest,
  name: 'Home Lab',
  guests: 8,
  storages: 3,
  canSeeGuests: true,
  canSeeStorage: true,
  missing: [],
  cure: [],
}
const listing = { key: 'home-lab', name: 'Home Lab', origin: 'added', paused: false }

const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const disabled = (name: string) => screen.getByRole('button', { name }).hasAttribute('disabled')

async function toToken() {
  type('Address of any node', '10.0.0.1')
  press('Find it')
  await screen.findByTestId('fingerprint')
  fireEvent.click(screen.getByRole('checkbox'))
  press('Trust it')
}

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('a certificate is not trusted before somebody says that it was compared', async () => {
  answer({ 'POST /api/clusters/probe': { status: 200, body: probe } })
  render(<Connect onAdded={() => {}} />)
  type('Address of any node', '10.0.0.1')
  press('Find it')
  const shown = await screen.findByTestId('fingerprint')
  expect(shown.textContent?.replaceAll(':', '')).toBe(fingerprint.replaceAll(':', ''))
  expect(disabled('Trust it')).toBe(true)
  fireEvent.click(screen.getByRole('checkbox'))
  expect(disabled('Trust it')).toBe(false)
})

it('another certificate has to be compared anew', async () => {
  answer({
    'POST /api/clusters/probe': [
      { status: 200, body: probe },
      { status: 200, body: { ...probe, fingerprint: fingerprint.replace('10', 'FF') } },
    ],
  })
  render(<Connect onAdded={() => {}} />)
  await toToken()
  press('Back')
  press('Back')
  press('Find it')
  await screen.findByTestId('fingerprint')
  expect(disabled('Trust it')).toBe(true)
})

it('what was typed outlives a refusal and a step back', async () => {
  answer({
    'POST /api/clusters/probe': [
      problem(422, 'UNREACHABLE', 'Nothing answers there; check the address.'),
      { status: 200, body: probe },
    ],
    'POST /api/clusters/test': problem(422, 'TOKEN_REFUSED', 'Proxmox does not know this token.'),
  })
  render(<Connect onAdded={() => {}} />)
  type('Address of any node', '10.0.0.1')
  press('Find it')
  expect((await screen.findByRole('alert')).textContent).toContain('Nothing answers there')
  await toToken()
  type('API token', token)
  press('Test it')
  expect((await screen.findByRole('alert')).textContent).toContain('does not know this token')
  press('Back')
  press('Trust it')
  expect(screen.getByLabelText<HTMLInputElement>('API token').value).toBe(token)
})

it('half a token is not sent', async () => {
  const asked = answer({ 'POST /api/clusters/probe': { status: 200, body: probe } })
  render(<Connect onAdded={() => {}} />)
  await toToken()
  type('API token', '0a1b2c3d-1111-2222-3333-0123456789ab')
  press('Test it')
  expect(await screen.findByText(/USER@REALM!NAME=SECRET/)).toBeTruthy()
  expect(asked).toHaveLength(1)
})

it('missing rights are named with their cure, tested again, and the cluster is added', async () => {
  const asked = answer({
    'POST /api/clusters/probe': { status: 200, body: probe },
    'POST /api/clusters/test': [
      { status: 200, body: blindTest },
      { status: 200, body: seeingTest },
    ],
    'POST /api/clusters': [
      problem(409, 'CLUSTER_EXISTS', 'There is a cluster home-lab already.'),
      { status: 201, body: listing },
    ],
  })
  const added = vi.fn()
  render(<Connect onAdded={added} />)
  await toToken()
  type('API token', token)
  press('Test it')
  expect(await screen.findByText(/cannot see guests, storage/)).toBeTruthy()
  expect(screen.getByText(/VM\.Audit/)).toBeTruthy()
  expect(screen.getByText(blindTest.cure[0] ?? '')).toBeTruthy()
  press('Test again')
  expect(await screen.findByText('8 guests')).toBeTruthy()
  expect(screen.getByLabelText<HTMLInputElement>('Key in addresses').value).toBe('home-lab')
  press('Add the cluster')
  expect((await screen.findByRole('alert')).textContent).toContain('already')
  type('Name on screen', 'Attic')
  expect(screen.getByLabelText<HTMLInputElement>('Key in addresses').value).toBe('attic')
  press('Add the cluster')
  await vi.waitFor(() => expect(added).toHaveBeenCalledWith(listing))
  expect(asked.at(-1)?.body).toEqual({ key: 'attic', name: 'Attic', address, fingerprint, token })
})

it('a token that sees only some is told what it lacks, with the cure and another test', async () => {
  const partial = { ...seeingTest, missing: ['VM.Audit on /vms/107'], cure: blindTest.cure }
  answer({
    'POST /api/clusters/probe': { status: 200, body: probe },
    'POST /api/clusters/test': [
      { status: 200, body: partial },
      { status: 200, body: seeingTest },
    ],
  })
  render(<Connect onAdded={() => {}} />)
  await toToken()
  type('API token', token)
  press('Test it')
  expect(await screen.findByText(/does not see everything.*VM\.Audit on \/vms\/107/)).toBeTruthy()
  expect(screen.getByText(blindTest.cure[0] ?? '')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Add it as it is' })).toBeTruthy()
  press('Test again')
  expect(await screen.findByRole('button', { name: 'Add the cluster' })).toBeTruthy()
  expect(screen.queryByText(/does not see everything/)).toBeNull()
})

it('while a token is tested nothing of it can be changed, nor the stage left', async () => {
  let done: (reply: Response) => void = () => {}
  answer({ 'POST /api/clusters/probe': { status: 200, body: probe } })
  render(<Connect onAdded={() => {}} />)
  await toToken()
  type('API token', token)
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => (done = resolve)))
  press('Test it')
  await vi.waitFor(() => expect(disabled('Back')).toBe(true))
  expect(screen.getByLabelText<HTMLInputElement>('API token').readOnly).toBe(true)
  done(Response.json(seeingTest))
  expect(await screen.findByText('8 guests')).toBeTruthy()
})

it('what was typed when the session ended is there again for the same person, and for nobody else', async () => {
  answer({})
  const as = (user: string) => useSession.setState({ status: 'signedIn', user, expired: false })
  const typed = () => screen.getByLabelText<HTMLInputElement>('Address of any node').value
  as('ada')
  render(<Connect onAdded={() => {}} />)
  type('Address of any node', '10.0.0.1')
  act(() => useSession.setState({ status: 'signedOut', user: null, expired: true }))
  cleanup()
  as('bob')
  render(<Connect onAdded={() => {}} />)
  expect(typed()).toBe('')
  cleanup()
  as('ada')
  render(<Connect onAdded={() => {}} />)
  expect(typed()).toBe('10.0.0.1')
  cleanup()
  render(<Connect onAdded={() => {}} />)
  expect(typed()).toBe('')
})

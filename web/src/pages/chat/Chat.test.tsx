import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer } from '../../../tests/support/answers.ts'
import type { ChatClient, TurnEvent } from '../../contract/hubs.gen.ts'
import type { ChatLine } from '../../contract/rest.gen.ts'
import { followChats } from '../../hub/chat.ts'
import { useAnswers } from '../../stores/answers.ts'
import { forgetChats } from '../../stores/chat.ts'
import { navigate, useLocation } from '../../stores/location.ts'
import Chat from './Chat.tsx'

type Handlers = { [K in keyof ChatClient]: ChatClient[K] }

const hub = vi.hoisted(() => ({
  handlers: {} as Record<string, (...args: never[]) => void>,
  call: vi.fn(),
  connected: () => {},
}))
vi.mock('../../hub/connect.ts', () => ({
  connect: () => ({
    on: (name: string, handler: (...args: never[]) => void) => {
      hub.handlers[name] = handler
    },
    call: hub.call,
    keep: (signal: AbortSignal, { connected }: { connected: () => void }) => {
      hub.connected = connected
      connected()
      return new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
  }),
}))

const client = hub.handlers as unknown as Handlers
const line = (number: number, role: string, text: string, more: Partial<ChatLine> = {}): ChatLine => ({
  number,
  role,
  text,
  at: '2026-11-22T15:30:00Z',
  provider: role === 'assistant' ? 'Claude' : null,
  tools: [],
  details: null,
  ...more,
})
let lines: ChatLine[] = []
let runId: string | null = null
let open = new AbortController()

const tell = (cursor: number, happened: TurnEvent) =>
  act(() => client.Told({ runId: 'r1', cursor, happened }))
const show = (id?: string) => render(<Chat cluster="" params={id === undefined ? {} : { id }} />)
const say = (text: string) => {
  fireEvent.change(screen.getByLabelText('Message'), { target: { value: text } })
  fireEvent.click(screen.getByRole('button', { name: 'Send' }))
}
const sent = () => hub.call.mock.calls.filter(([method]) => method === 'Send').map(([, request]) => request)

beforeEach(() => {
  useAnswers.setState({ all: {} })
  forgetChats()
  navigate('/chat')
  Element.prototype.scrollTo = vi.fn()
  lines = []
  runId = null
  open = new AbortController()
  hub.call.mockReset()
  hub.call.mockImplementation((method: string) =>
    Promise.resolve(method === 'Send' ? { sessionId: 's1', runId: 'r1', refusal: null } : true),
  )
  answer({
    'GET /api/chat/sessions': { status: 200, body: [] },
    // As it is when it is asked for.
    'GET /api/chat/sessions/s1': {
      status: 200,
      get body() {
        return { id: 's1', lines, runId }
      },
    },
    'GET /api/chat/providers': { status: 200, body: [{ name: 'built-in', model: null, unready: null }] },
  })
  void followChats(open.signal, () => Promise.resolve(true))
})
afterEach(() => {
  open.abort()
  cleanup()
  vi.unstubAllGlobals()
})

it('an answer is seen as it comes, and is a line when it is over', async () => {
  show('s1')
  await waitFor(() => expect(screen.getByLabelText('Message')).toBeTruthy())
  lines = [line(1, 'user', 'how is it going?')]
  runId = 'r1'
  say('how is it going?')
  await waitFor(() => expect(screen.getByText('how is it going?')).toBeTruthy())
  expect(sent()).toEqual([{ message: 'how is it going?', sessionId: 's1', provider: null, from: null }])
  tell(1, { $type: 'routed', provider: 'Claude', model: 'm', reasons: ['It is the first.'] })
  tell(2, { $type: 'token', text: 'All is ' })
  tell(3, { $type: 'token', text: 'well.' })
  // Told once more after a connection was lost.
  tell(2, { $type: 'token', text: 'All is ' })
  await waitFor(() => expect(screen.getByText('All is well.')).toBeTruthy())
  expect(screen.getByRole('button', { name: 'Stop' })).toBeTruthy()
  tell(4, { $type: 'finished', reason: 'stop' })
  lines = [...lines, line(2, 'assistant', 'All is well.')]
  runId = null
  act(() => client.Changed({ kind: 'ended', sessionId: 's1', runId: 'r1' }))
  await waitFor(() => expect(screen.getByRole('button', { name: 'Ask again' })).toBeTruthy())
  expect(screen.getAllByText('All is well.')).toHaveLength(1)
})

it('a new conversation has its address once the first message was taken', async () => {
  show()
  await waitFor(() => expect(screen.queryByText('Connecting…')).toBeNull())
  say('how is it going?')
  await waitFor(() => expect(useLocation.getState().path).toBe('/chat/s1'))
})

it('what was refused is told, and its words are not lost', async () => {
  hub.call.mockResolvedValue({
    sessionId: null,
    runId: null,
    refusal: 'This conversation is being answered.',
  })
  show()
  await waitFor(() => expect(screen.queryByText('Connecting…')).toBeNull())
  say('start plex')
  await waitFor(() => expect(screen.getByText(/is being answered/)).toBeTruthy())
  expect((screen.getByLabelText('Message') as HTMLTextAreaElement).value).toBe('start plex')
})

it('an answer is taken up where it was left, and stopped', async () => {
  lines = [line(1, 'user', 'tell me all')]
  runId = 'r1'
  show('s1')
  await waitFor(() => expect(hub.call).toHaveBeenCalledWith('Attach', 'r1', 0))
  tell(7, { $type: 'token', text: 'So far' })
  hub.connected()
  await waitFor(() => expect(hub.call).toHaveBeenCalledWith('Attach', 'r1', 7))
  fireEvent.click(screen.getByRole('button', { name: 'Stop' }))
  await waitFor(() => expect(hub.call).toHaveBeenCalledWith('Cancel', 'r1'))
})

it('a call that waits leads to its plan, a claim without a receipt is marked, an offer is taken by a yes', async () => {
  const tool = {
    callId: 'c1',
    name: 'shutdown_vm',
    args: { guest: 'nas' },
    tier: 'red' as const,
    status: 'awaitingApproval' as const,
    verdict: 'NEEDS_CONFIRM',
    isError: false,
    summary: null,
    auditId: 'a1',
    approvalId: 'p1',
    milliseconds: 12,
  }
  const details = {
    model: 'm',
    reasons: [],
    usage: null,
    unproven: 'I have restarted nas.',
    proposals: [{ tool: 'start_vm', args: { guest: 'web' } }],
    error: null,
    stopped: false,
  }
  lines = [line(1, 'user', 'shut down nas'), line(2, 'assistant', 'It waits.', { tools: [tool], details })]
  show('s1')
  const link = await screen.findByRole('link', { name: 'Read the plan and decide' })
  expect(link.getAttribute('href')).toBe('/approvals/p1')
  expect(screen.getByText(/Nothing here shows that this was done/)).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Yes, do it' }))
  await waitFor(() => expect(sent().map(({ message }) => message)).toEqual(['yes']))
})

it('what was asked last is asked in other words, in its place', async () => {
  lines = [line(1, 'user', 'is nas up?'), line(2, 'assistant', 'Yes.')]
  show('s1')
  fireEvent.click(await screen.findByRole('button', { name: 'Edit' }))
  say('is web up?')
  await waitFor(() => expect(sent()).toEqual([expect.objectContaining({ message: 'is web up?', from: 1 })]))
})

it('what a model wrote is drawn, and nothing is fetched for it', async () => {
  lines = [
    line(
      1,
      'assistant',
      'It is **well**.\n\n![x](https://evil.example/p.png)\n\n<img src=x onerror=alert(1)>\n\n[go](javascript:alert(1))',
    ),
  ]
  show('s1')
  await waitFor(() => expect(document.querySelector('.chat-text strong')?.textContent).toBe('well'))
  expect(document.querySelector('.chat-text img')).toBeNull()
  expect(document.querySelector('.chat-text a')?.getAttribute('href') ?? '').not.toContain('javascript')
})

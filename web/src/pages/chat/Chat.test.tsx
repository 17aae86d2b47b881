import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer, problem } from '../../../tests/support/answers.ts'
import { useAnswers } from '../../stores/answers.ts'
import Chat from './Chat.tsx'

const reply = (more: object = {}) => ({
  status: 200,
  body: {
    sessionId: 's1',
    runId: 'r1',
    provider: 'built-in',
    reasons: [],
    text: 'All is well.',
    tools: [],
    approvals: [],
    proposals: [],
    error: null,
    ...more,
  },
})

const say = (text: string) => {
  fireEvent.change(screen.getByLabelText('Message'), { target: { value: text } })
  fireEvent.click(screen.getByRole('button', { name: 'Send' }))
}

beforeEach(() => {
  useAnswers.setState({ all: {} })
  Element.prototype.scrollIntoView = vi.fn()
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('the second question goes on in the conversation that the first began', async () => {
  const asked = answer({ 'GET /api/chat/sessions': { status: 200, body: [] }, 'POST /api/chat': reply() })
  render(<Chat cluster="" params={{}} />)
  say('how is it going?')
  await waitFor(() => expect(screen.getByText('All is well.')).toBeTruthy())
  say('and now?')
  await waitFor(() => expect(screen.getAllByText('All is well.')).toHaveLength(2))
  expect(asked.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([
    { message: 'how is it going?' },
    { message: 'and now?', sessionId: 's1' },
  ])
})

it('what was refused is told, and its words are not lost', async () => {
  answer({
    'GET /api/chat/sessions': { status: 200, body: [] },
    'POST /api/chat': problem(
      409,
      'CHAT_BUSY',
      'This conversation is being answered; ask again when that is done.',
    ),
  })
  render(<Chat cluster="" params={{}} />)
  say('start plex')
  await waitFor(() => expect(screen.getByText(/is being answered/)).toBeTruthy())
  expect((screen.getByLabelText('Message') as HTMLTextAreaElement).value).toBe('start plex')
})

it('a call that waits leads to its plan', async () => {
  const tool = {
    callId: 'c1',
    name: 'shutdown_vm',
    args: { guest: 'nas' },
    status: 'awaitingApproval',
    verdict: 'NEEDS_CONFIRM',
    isError: false,
    summary: null,
    auditId: 'a1',
    approvalId: 'p1',
  }
  answer({
    'GET /api/chat/sessions': { status: 200, body: [] },
    'POST /api/chat': reply({ text: 'That needs your approval.', tools: [tool], approvals: ['p1'] }),
  })
  render(<Chat cluster="" params={{}} />)
  say('shut down nas')
  const link = await screen.findByRole('link', { name: 'Read the plan and decide' })
  expect(link.getAttribute('href')).toBe('/approvals/p1')
})

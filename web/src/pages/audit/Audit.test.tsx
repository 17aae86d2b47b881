import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer } from '../../../tests/support/answers.ts'
import { auditRow, tool } from '../../../tests/support/calls.ts'
import { useAnswers } from '../../stores/answers.ts'
import Audit from './Audit.tsx'

const save = vi.hoisted(() => vi.fn())
vi.mock('../../lib/save.ts', () => ({ saveAs: save }))

const page = (seqs: readonly number[], next: number | null = null) => ({
  status: 200,
  body: { items: seqs.map((seq) => auditRow(seq)), next },
})
const open = (replies: Parameters<typeof answer>[0], call = '') => {
  const asked = answer({
    'GET /api/tools': { status: 200, body: [tool('stop_vm', 'red', [])] },
    'GET /api/audit?limit=100': page([9, 8], 8),
    ...replies,
  })
  render(<Audit cluster="" params={call ? { call } : {}} />)
  return asked
}
const pass = (milliseconds = 1_000) => act(() => vi.advanceTimersByTimeAsync(milliseconds))
const choose = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })
const press = async (name: string) => {
  fireEvent.click(screen.getByRole('button', { name }))
  await pass()
}
const seqs = () => screen.queryAllByText(/#\d+/).map((each) => /#(\d+)/.exec(each.textContent)?.[1])

beforeEach(() => {
  vi.useFakeTimers()
  save.mockClear()
  useAnswers.setState({ all: {} })
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('the server looks for what is wanted, among all rows, once the typing has paused', async () => {
  const fits = 'actor=ann&tool=stop_vm&verdict=NEEDS_HUMAN&limit=100'
  const asked = open({
    [`GET /api/audit?${fits}`]: page([3], 3),
    [`GET /api/audit?${fits.replace('limit', 'before=3&limit')}`]: page([1]),
  })
  await pass()
  expect(seqs()).toEqual(['9', '8'])
  for (const text of ['a', 'an', 'ann']) choose('Who asked', text)
  choose('Tool', 'stop_vm')
  choose('Verdict', 'NEEDS_HUMAN')
  await pass()
  expect(seqs()).toEqual(['3'])
  await press('Older rows')
  expect(seqs()).toEqual(['3', '1'])
  expect(asked.filter(({ url }) => url.startsWith('/api/audit'))).toHaveLength(3)
})

it('what is exported is what fits, also where it was not loaded', async () => {
  const lines = '{"seq":9}\n{"seq":1}\n'
  open({ 'GET /api/audit?text=db&limit=100': page([9], 9) })
  const fetched = fetch
  vi.stubGlobal('fetch', (url: string, init: RequestInit) =>
    url === '/api/audit/export?text=db' ? Promise.resolve(new Response(lines)) : fetched(url, init),
  )
  await pass()
  choose('Part of the text', 'db')
  await press('Export all that fit')
  expect(save.mock.calls).toEqual([['jarvis-audit.jsonl', lines, 'application/x-ndjson']])
})

it('the rows of one call are shown by its link', async () => {
  const asked = open({ 'GET /api/audit/id-4': page([4, 5]) }, 'id-4')
  await pass()
  expect(seqs()).toEqual(['4', '5'])
  expect(asked).toHaveLength(1)
})

it('an empty audit is told from a filter that nothing fits', async () => {
  open({ 'GET /api/audit?limit=100': page([]), 'GET /api/audit?text=x&limit=100': page([]) })
  await pass()
  expect(screen.getByText('Nothing was asked for yet')).toBeTruthy()
  choose('Part of the text', 'x')
  await pass()
  expect(screen.getByText('Nothing fits')).toBeTruthy()
})

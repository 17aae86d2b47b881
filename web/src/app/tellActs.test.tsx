import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import { Toaster } from 'sonner'
import { afterEach, expect, it } from 'vitest'
import { type Act, setAct, useActs } from '../stores/acts.ts'
import { tellActs } from './tellActs.tsx'

const done = (change: Partial<Act>): Act => ({
  id: 'one',
  title: 'Start all guests of pve1',
  outcome: 'completed',
  auditId: 'run',
  why: null,
  caution: false,
  steps: [],
  undo: null,
  ...change,
})

let end = () => {}
const tell = (change: Partial<Act>) => {
  render(<Toaster />)
  end = tellActs()
  act(() => setAct(done(change)))
}

afterEach(() => {
  end()
  cleanup()
  useActs.setState({ all: new Map(), question: null })
})

it('each guest of a call that did many can be read', async () => {
  const step = { vmid: 7, name: 'db', outcome: 'done', told: 'UPID:x' }
  tell({
    why: '1 done. 1 failed: web (8).',
    steps: [
      { ...step, target: 'pve2' },
      { vmid: 8, name: 'web', outcome: 'failed', told: 'It is locked.' },
    ],
  })
  await waitFor(() => expect(screen.getByText('Done. 1 done. 1 failed: web (8).')).toBeTruthy())
  expect(screen.getAllByRole('listitem', { hidden: true }).map(({ textContent }) => textContent)).toEqual(
    expect.arrayContaining(['db (7): done, now on pve2', 'web (8): failed: It is locked.']),
  )
})

it('what is not all in effect wears no mark of success', async () => {
  tell({ why: 'Not in effect before the next start: memory.', caution: true })
  await waitFor(() => expect(screen.getByText(/before the next start/)).toBeTruthy())
  expect(screen.getByLabelText('warning')).toBeTruthy()
  expect(screen.queryByLabelText('done')).toBeNull()
})

import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { Told } from './Told.tsx'

afterEach(cleanup)

const asked = { value: null, refusal: null, busy: false, reload: () => {} }
const told = (change: object) => (
  <Told what="backups" asked={{ ...asked, ...change } as Parameters<typeof Told<string[]>>[0]['asked']}>
    {(list: string[]) => <p>{list.length} backups</p>}
  </Told>
)

it('a refusal is never an empty list', () => {
  const cure = ['pveum acl modify / --roles PVEAuditor --tokens jarvis@pve!screen']
  render(told({ refusal: { code: 'PROXMOX_FORBIDDEN', words: 'VM.Audit is missing.', cure } }))
  expect(screen.getByText('Cannot see backups')).toBeTruthy()
  expect(screen.getByText(cure[0] ?? '')).toBeTruthy()
  expect(screen.queryByText('0 backups')).toBeNull()
})

it('a budget that is spent can be tried again', () => {
  const reload = vi.fn()
  render(told({ refusal: { code: 'OBSERVER_BUDGET', words: 'In a few seconds.', cure: [] }, reload }))
  expect(screen.getByText('Asked enough for now')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(reload).toHaveBeenCalledOnce()
})

it('what was known stays when a reload fails, and says that it is old', () => {
  render(told({ value: ['a'], refusal: { code: '', words: 'The server cannot be reached', cure: [] } }))
  expect(screen.getByText('1 backups')).toBeTruthy()
  expect(screen.getByRole('status').textContent).toContain('known before')
})

import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { lazy, Suspense } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import { Boundary } from './Boundary.tsx'
import { Unseen } from './Unseen.tsx'

const state = { broken: false }

function Fragile() {
  if (state.broken) throw new Error('no such column')
  return <p>mended</p>
}

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

it('one broken panel leaves its neighbours standing and can be tried again', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  state.broken = true
  render(
    <>
      <Boundary name="Nodes">
        <Fragile />
      </Boundary>
      <Boundary name="Guests">
        <p>still here</p>
      </Boundary>
    </>,
  )
  expect(screen.getByText('no such column')).toBeTruthy()
  expect(screen.getByText('still here')).toBeTruthy()
  state.broken = false
  fireEvent.click(screen.getByText('Try again'))
  expect(screen.getByText('mended')).toBeTruthy()
})

it('a part that is gone leaves the page standing, silently or with a way to load the page anew', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const Gone = lazy(() =>
    Promise.reject(new TypeError('Failed to fetch dynamically imported module: /assets/a.js')),
  )
  render(
    <>
      <Boundary name="Messages" fallback={null}>
        <Suspense>
          <Gone />
        </Suspense>
      </Boundary>
      <Boundary name="Guests">
        <Suspense>
          <Gone />
        </Suspense>
      </Boundary>
      <p>still here</p>
    </>,
  )
  expect(await screen.findByText('Guests could not be loaded')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Reload the page' })).toBeTruthy()
  expect(screen.queryByText(/Messages/)).toBeNull()
  expect(screen.getByText('still here')).toBeTruthy()
})

it('a token without rights is told what is missing and how to cure it', () => {
  const cure = ['pveum acl modify / --tokens jarvis@pve!screen --roles PVEAuditor']
  render(<Unseen what="guests" sight="hidden" missing={['VM.Audit']} cure={cure} />)
  expect(screen.getByText('Cannot see guests')).toBeTruthy()
  expect(screen.getByText(/VM\.Audit/)).toBeTruthy()
  expect(screen.getByText(cure[0] ?? '')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Copy' })).toBeTruthy()
})

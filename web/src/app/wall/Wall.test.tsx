import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answer } from '../../../tests/support/answers.ts'
import { guest, view } from '../../../tests/support/rows.ts'
import { received, setCluster, useClusters } from '../../stores/clusters.ts'
import { useGate } from '../../stores/gate.ts'
import { useLink } from '../../stores/link.ts'
import { useLocation } from '../../stores/location.ts'
import { fromView } from '../../stores/merge.ts'
import { useSession } from '../../stores/session.ts'
import { useVersion } from '../../stores/version.ts'
import Wall from './Wall.tsx'

const version = vi.hoisted(() => ({ moveOn: vi.fn() }))
vi.mock('../../hub/version.ts', () => version)
// Canvas is the browser's.
vi.mock('../../panels/globe/draw.ts', () => ({ draw: () => {}, palette: () => ({}) }))

const path = () => useLocation.getState().path

beforeEach(() => {
  version.moveOn.mockReset()
  answer({})
  useVersion.setState({ newer: false, partMissing: false })
  useLocation.setState({ path: '/wall' })
  useLink.setState({ status: 'connected' })
  useSession.setState({ status: 'signedIn', user: 'hall', role: 'viewer', wall: true })
  setCluster(fromView(view('lab', [guest(100)]), 1))
  received('lab')
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  useClusters.setState({ all: {} })
  useGate.setState({ glasses: [] })
})

it('a display takes up the server’s newer page by itself', () => {
  render(<Wall />)
  expect(version.moveOn).not.toHaveBeenCalled()
  act(() => useVersion.setState({ newer: true }))
  expect(version.moveOn).toHaveBeenCalledOnce()
})

it('Escape leads whoever is signed in by name back to the screen, and a display nowhere', () => {
  const { unmount } = render(<Wall />)
  fireEvent.keyDown(document, { key: 'Escape' })
  expect(path()).toBe('/wall')
  unmount()
  useSession.setState({ user: 'ada', wall: false })
  render(<Wall />)
  fireEvent.keyDown(document, { key: 'a' })
  expect(path()).toBe('/wall')
  fireEvent.keyDown(document, { key: 'Escape' })
  expect(path()).toBe('/')
})

it('a display that is shut out says so', () => {
  useSession.setState({ status: 'signedOut', user: null, role: null, wall: false, expired: true })
  render(<Wall />)
  expect(screen.getByText('Its access has ended.')).toBeTruthy()
})

it('a display says that somebody broke the glass, for as long as it lasts', () => {
  const until = new Date(Date.now() + 60_000).toISOString()
  useGate.setState({ glasses: [{ user: 'ada', reason: 'the door is stuck', until, yours: false }] })
  render(<Wall />)
  expect(screen.getByText(/ada’s RED and ORANGE calls/).textContent).toContain('the door is stuck')
  act(() => useGate.setState({ glasses: [] }))
  expect(screen.queryByText(/The glass is broken/)).toBeNull()
})

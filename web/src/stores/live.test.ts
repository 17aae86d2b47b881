import { act, renderHook } from '@testing-library/react'
import { expect, it } from 'vitest'
import { header, view } from '../../tests/support/rows.ts'
import { useClock } from './clock.ts'
import { useClusters, useReceived } from './clusters.ts'
import { useEntries } from './entries.ts'
import { useLink } from './link.ts'
import { judge, sight, useLive } from './live.ts'
import { fromView } from './merge.ts'

const at = (change: Partial<typeof header> = {}) =>
  fromView(view('a', [], { header: { ...header, ...change } }), 1)

it('is live while messages arrive', () => {
  expect(judge('connected', at(), 19_000)).toBe('live')
})

it('turns stale after two and a half cadences without a message', () => {
  expect(judge('connected', at(), 25_000)).toBe('live')
  expect(judge('connected', at(), 25_001)).toBe('stale')
  expect(judge('connected', at({ cadenceSeconds: 30 }), 74_000)).toBe('live')
})

it('a lost connection is told before anything else', () => {
  expect(judge('reconnecting', at({ blindSince: '2026-01-31T11:00:00Z' }), 90_000)).toBe('reconnecting')
})

it('blind is told while messages arrive, and stale when they do not', () => {
  const blind = at({ blindSince: '2026-01-31T11:00:00Z' })
  expect(judge('connected', blind, 5_000)).toBe('blind')
  expect(judge('connected', blind, 60_000)).toBe('stale')
})

it('before the first answer it waits', () => {
  expect(judge('connected', at({ observedAt: null }), 1_000)).toBe('waiting')
  expect(judge('connected', undefined, 1_000)).toBe('connecting')
})

it('an empty list is believed only when it was read by someone who may', () => {
  const nobody = {
    canSeeNodes: false,
    canSeeGuests: false,
    canSeeStorage: false,
    missing: ['VM.Audit'],
    cure: [],
  }
  expect(sight(null, 'canSeeGuests')).toBe('loading')
  expect(sight(at({ observedAt: null }), 'canSeeGuests')).toBe('waiting')
  expect(sight(at({ observedAt: null, blindSince: '2026-01-31T11:00:00Z' }), 'canSeeGuests')).toBe('blind')
  expect(sight(at({ access: nobody }), 'canSeeGuests')).toBe('hidden')
  expect(sight(at(), 'canSeeGuests')).toBe('seen')
})

it('an empty list says nothing until the rights were read', () => {
  expect(sight(at({ access: null }), 'canSeeGuests')).toBe('waiting')
})

const entry = { key: 'lab', name: 'Lab', paused: true, origin: 'added' } as const

it('a paused cluster is never called live, and without clusters nothing is awaited', () => {
  useLink.setState({ status: 'connected' })
  useClusters.setState({ all: { lab: fromView(view('lab', []), 1) } })
  useReceived.setState({ at: { lab: useClock.getState().now } })
  useEntries.setState({ list: [{ ...entry, paused: false }] })
  const { result } = renderHook(() => useLive('lab'))
  expect(result.current).toBe('live')
  act(() => useEntries.setState({ list: [entry] }))
  expect(result.current).toBe('paused')
  act(() => useEntries.setState({ list: [] }))
  expect(result.current).toBe('idle')
  act(() => useLink.setState({ status: 'reconnecting' }))
  expect(result.current).toBe('reconnecting')
})

it('nothing is awaited of a cluster that the server does not watch, and one added just now is', () => {
  useLink.setState({ status: 'connected' })
  useClusters.setState({ all: {} })
  useEntries.setState({ list: null })
  const { result } = renderHook(() => useLive('elsewhere'))
  expect(result.current).toBe('connecting')
  act(() => useEntries.setState({ list: [{ ...entry, key: 'lab', paused: false }] }))
  expect(result.current).toBe('idle')
  act(() => useEntries.setState({ list: [{ ...entry, key: 'elsewhere', paused: false }] }))
  expect(result.current).toBe('connecting')
})

import { act, cleanup, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Problem } from '../api/http.ts'
import { useAnswers } from '../stores/answers.ts'
import { forget } from './forget.ts'
import { useAnswer } from './useAnswer.ts'

const asked: ((value: string) => void)[] = []
const load = () => new Promise<string>((resolve) => void asked.push(resolve))
const settle = (i: number, value: string) => act(async () => asked[i]?.(value))

beforeEach(() => {
  asked.length = 0
  forget()
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

it('an answer that was under way does not reach the next user of the screen', async () => {
  const { unmount } = renderHook(() => useAnswer('sessions', load))
  unmount()
  forget()
  await settle(0, 'of the one before')
  expect(useAnswers.getState().all).toEqual({})
})

it('what is forgotten while it is looked at is asked for anew', async () => {
  const { result } = renderHook(() => useAnswer('sessions', load))
  await settle(0, 'of the cluster before')
  act(() => forget())
  expect(result.current).toMatchObject({ value: null, busy: true })
  await settle(1, 'of the one now')
  expect(result.current).toMatchObject({ value: 'of the one now', busy: false })
})

it('a late answer does not take the place of a newer one', async () => {
  const { result } = renderHook(() => useAnswer('sessions', load))
  vi.advanceTimersByTime(1_000)
  act(() => result.current.reload())
  await settle(1, 'newer')
  await settle(0, 'older')
  expect(result.current.value).toBe('newer')
})

it('a budget that is spent is asked again by itself, and only as long as somebody looks', async () => {
  vi.useFakeTimers()
  const spent = vi.fn(() =>
    Promise.reject(new Problem(429, { code: 'OBSERVER_BUDGET', detail: 'In a while.' })),
  )
  const { unmount } = renderHook(() => useAnswer('sessions', spent))
  await act(() => vi.advanceTimersByTimeAsync(0))
  expect(spent).toHaveBeenCalledTimes(1)
  await act(() => vi.advanceTimersByTimeAsync(10_000))
  expect(spent).toHaveBeenCalledTimes(2)
  unmount()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(spent).toHaveBeenCalledTimes(2)
})

import { act, cleanup, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
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
  renderHook(() => useAnswer('sessions', load))
  forget()
  await settle(0, 'of the one before')
  expect(useAnswers.getState().all).toEqual({})
})

it('a late answer does not take the place of a newer one', async () => {
  const { result } = renderHook(() => useAnswer('sessions', load))
  vi.advanceTimersByTime(1_000)
  act(() => result.current.reload())
  await settle(1, 'newer')
  await settle(0, 'older')
  expect(result.current.value).toBe('newer')
})

import { beforeEach, expect, it, vi } from 'vitest'
import { navigate } from './location.ts'
import { chooseRange, useRange } from './range.ts'

const range = () => useRange.getState().range

beforeEach(() => {
  navigate('/c/lab/node/pve1?range=hour', true)
})

it('the range that was chosen stands in the address', () => {
  chooseRange('week')
  expect(range()).toBe('week')
  expect(location.pathname + location.search).toBe('/c/lab/node/pve1?range=week')
})

it('a link that names a range opens with it, and a wrong one changes nothing', () => {
  navigate('/c/lab/node/pve2?range=month')
  expect(range()).toBe('month')
  navigate('/c/lab/node/pve2?range=aeon')
  expect(range()).toBe('month')
})

it('another page keeps the range, and from its first choice the way back leads there', () => {
  chooseRange('day')
  navigate('/c/lab/guest/100')
  expect(range()).toBe('day')
  const replaced = vi.spyOn(history, 'replaceState')
  chooseRange('year')
  expect(String(replaced.mock.calls[0]?.[2])).toMatch(/\/guest\/100\?range=day$/)
  expect(location.search).toBe('?range=year')
})

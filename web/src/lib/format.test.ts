import { expect, it } from 'vitest'
import { bytes, count, duration, percent, rate, share, usedOf } from './format.ts'

it.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_536, '1.5 KiB'],
  [137_438_953_472, '128 GiB'],
  [8_000_000_000_000, '7.3 TiB'],
  [null, '—'],
])('%s bytes read %s', (value, words) => {
  expect(bytes(value)).toBe(words)
})

it.each([
  [0, '0%'],
  [0.004, '0.4%'],
  [0.0996, '10.0%'],
  [0.437, '44%'],
  [1, '100%'],
  [null, '—'],
])('a share of %s reads %s', (value, words) => {
  expect(percent(value)).toBe(words)
})

it.each([
  [0, '0s'],
  [59, '59s'],
  [3_600, '1h'],
  [3_661, '1h 1m'],
  [93_600, '1d 2h'],
  [null, '—'],
])('%s seconds read %s', (value, words) => {
  expect(duration(value)).toBe(words)
})

it('the unknown is never a number', () => {
  expect(rate(null)).toBe('—')
  expect(share(null, 10)).toBeNull()
  expect(share(1, 0)).toBeNull()
  expect(usedOf(null, 2 ** 30)).toBe('1.0 GiB, use unknown')
  expect(usedOf(null, null)).toBe('—')
})

it('counts in words', () => {
  expect(count(1, 'node')).toBe('1 node')
  expect(count(5_000, 'guest')).toBe('5,000 guests')
})

import { expect, it } from 'vitest'
import { thinned, withGaps } from './series.ts'

it('a hole between two moments is a gap and no line', () => {
  expect(withGaps([0, 60, 600, 660], [[1, 2, 3, null]], 60)).toEqual({
    times: [0, 60, 120, 600, 660],
    values: [[1, 2, null, 3, null]],
  })
})

it('a late moment is no hole', () => {
  expect(withGaps([0, 60, 180], [[1, 2, 3]], 60).times).toEqual([0, 60, 180])
})

it('a long row is thinned and keeps its end', () => {
  expect(thinned(5, 10)).toEqual([0, 1, 2, 3, 4])
  expect(thinned(700, 60).at(-1)).toBe(699)
  expect(thinned(700, 60).length).toBeLessThanOrEqual(60)
})

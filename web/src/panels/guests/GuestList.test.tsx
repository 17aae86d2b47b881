// @vitest-environment happy-dom
import { act, cleanup, render } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { delta, many, numbers, view } from '../../../tests/support/rows.ts'
import { applyDelta, fromView } from '../../stores/merge.ts'
import { GuestList } from './GuestList.tsx'
import { ROW } from './GuestRow.tsx'

const rendered = vi.hoisted(() => ({ rows: 0 }))

// Each row reads its look once, so this counts renders.
vi.mock('../../ui/states.ts', async (original) => {
  const real = await original<typeof import('../../ui/states.ts')>()
  return {
    look: (state: string) => {
      rendered.rows++
      return real.look(state)
    },
  }
})

const tall = (height: number) =>
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(height)
const rows = (cluster: ReturnType<typeof fromView>) => [...cluster.guests.values()]

beforeEach(() => {
  rendered.rows = 0
})

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

it('a delta of 50 renders 50 rows and no other, of hundreds in sight', () => {
  tall(400 * ROW)
  const old = fromView(view('a', many(5_000)), 1)
  const list = render(<GuestList cluster="a" guests={rows(old)} />)
  expect(list.container.querySelectorAll('.guest')).toHaveLength(413)
  rendered.rows = 0
  const fifty = Array.from({ length: 50 }, (_, i) => 100 + i * 7)
  const next = applyDelta(old, delta({ guestNumbers: numbers(fifty, 437) }), 2)
  act(() => list.rerender(<GuestList cluster="a" guests={rows(next)} />))
  expect(rendered.rows).toBe(50)
  expect(list.container.querySelector('[data-vmid="100"]')?.textContent).toContain('44%')
})

it('of 5 000 guests only those in sight are in the page', () => {
  tall(400)
  const list = render(<GuestList cluster="a" guests={many(5_000)} />)
  expect(list.container.querySelectorAll('.guest').length).toBeLessThan(40)
  expect(list.getByRole('listbox').querySelector('.guest')?.getAttribute('aria-setsize')).toBe('5000')
})

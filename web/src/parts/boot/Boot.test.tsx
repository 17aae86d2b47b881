import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { setCheck, useBoot } from '../../stores/boot.ts'
import { Boot } from './Boot.tsx'

// What is looked at is a matter of its own; here it is how one gets past.
vi.mock('../../hub/boot.ts', async (original) => ({
  ...(await original<typeof import('../../hub/boot.ts')>()),
  boot: async () => {},
}))

const shown = () => screen.queryByText('The screen') !== null
const press = (key: string) => fireEvent.keyDown(document, { key })

beforeEach(() => {
  sessionStorage.clear()
  useBoot.setState({ checks: [], over: false })
})
afterEach(cleanup)

it('any key that says something leads on, one that only holds or moves does not', () => {
  render(<Boot>The screen</Boot>)
  for (const key of ['Shift', 'Control', 'Alt', 'Meta', 'Tab']) press(key)
  expect(shown()).toBe(false)
  press('Enter')
  expect(shown()).toBe(true)
})

it('once is enough for a tab', () => {
  render(<Boot>The screen</Boot>)
  press('x')
  cleanup()
  useBoot.setState({ over: false })
  render(<Boot>The screen</Boot>)
  expect(shown()).toBe(true)
})

it('trouble has to be read: no key, but the button alone leads on, and it has the focus', () => {
  render(<Boot>The screen</Boot>)
  act(() => setCheck({ id: 'link', name: 'Live connection', state: 'bad', words: 'is not up', took: null }))
  press('Enter')
  fireEvent.pointerDown(screen.getByRole('main'))
  expect(shown()).toBe(false)
  const way = screen.getByRole('button', { name: 'Continue anyway' })
  expect(document.activeElement).toBe(way)
  fireEvent.click(way)
  expect(shown()).toBe(true)
})

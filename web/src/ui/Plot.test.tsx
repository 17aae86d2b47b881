import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { percent } from '../lib/format.ts'
import { Plot } from './Plot.tsx'

// Canvas is the browser's; what is said about the curve is ours.
vi.mock('./plot.ts', () => ({
  plot: (_host: unknown, { onCursor }: { onCursor: (index: number | null) => void }) => ({
    point: onCursor,
    show: () => {},
    end: () => {},
  }),
}))

afterEach(cleanup)

const at = (minute: number) => Date.parse('2026-01-31T12:00:00Z') / 1_000 + minute * 60

const drawn = (
  <Plot
    label="CPU"
    times={[at(0), at(1), at(9)]}
    step={60}
    until={at(10)}
    lines={[{ name: 'CPU', tone: 'accent', values: [0.25, 0.5, 0.75] }]}
    format={percent}
    group="a"
    look="dark"
  />
)
const said = () => screen.getByRole('slider').getAttribute('aria-valuetext') ?? ''

it('arrow keys walk along the curve, and a gap is said to be unknown', () => {
  render(drawn)
  expect(said()).toContain('CPU 75%')
  fireEvent.keyDown(screen.getByRole('slider'), { key: 'ArrowLeft' })
  expect(said()).toContain('CPU unknown')
  fireEvent.keyDown(screen.getByRole('slider'), { key: 'Home' })
  expect(said()).toContain('CPU 25%')
})

it('the curve can be read as a table', () => {
  const { container } = render(drawn)
  const details = container.querySelector('details')
  if (details) details.open = true
  fireEvent(details as Element, new Event('toggle'))
  const rows = [...container.querySelectorAll('tbody tr')].map((row) => row.querySelector('td')?.textContent)
  expect(rows).toEqual(['25%', '50%', '—', '75%'])
})

it('a value from before the end of the curve is told with its own time', () => {
  const { container } = render(
    <Plot
      label="CPU"
      times={[at(0), at(1), at(2), at(3), at(4), at(5)]}
      step={60}
      until={at(5)}
      lines={[{ name: 'CPU', tone: 'accent', values: [0.25, 0.37, null, null, null, null] }]}
      format={percent}
      group="a"
      look="dark"
    />,
  )
  expect(said()).toContain('CPU 37%')
  expect(container.querySelector('.plot-at')?.textContent).not.toBe('latest')
  cleanup()
  expect(render(drawn).container.querySelector('.plot-at')?.textContent).toBe('latest')
})

it('the last value of a curve that stopped is not the latest', () => {
  const { container } = render(
    <Plot
      label="Network"
      times={[at(0), at(1), at(2)]}
      step={60}
      until={at(30)}
      lines={[
        { name: 'In', tone: 'good', values: [0.1, 0.2, 0.3] },
        { name: 'Out', tone: 'plain', values: [0.1, 0.2, null] },
      ]}
      format={percent}
      group="a"
      look="dark"
    />,
  )
  expect(said()).toContain('In 30%, Out unknown')
  expect(container.querySelector('.plot-at')?.textContent).toMatch(/\d\d:\d\d$/)
})

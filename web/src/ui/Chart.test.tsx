import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { percent } from '../lib/format.ts'
import { Chart } from './Chart.tsx'

afterEach(cleanup)

it('what has stopped has no value now, however well known it was before', () => {
  render(
    <Chart
      label="CPU and memory"
      times={[10, 20, 30]}
      lines={[
        { name: 'CPU', tone: 'accent', values: [0.1, 0.2, null] },
        { name: 'Memory', tone: 'plain', values: [0.4, 0.5, 0.6] },
      ]}
      format={percent}
      top={1}
    />,
  )
  const value = (name: string) => screen.getByText(name).parentElement?.querySelector('b')?.textContent
  expect(value('CPU')).toBe('—')
  expect(value('Memory')).toBe('60%')
})

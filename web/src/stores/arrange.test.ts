import { beforeEach, expect, it } from 'vitest'
import { arranged, place, shift } from './arrange.ts'
import { recalled, resetLayout, useLayout } from './layout.ts'

const panels = [
  { id: 'nodes', slot: 'left' },
  { id: 'globe', slot: 'centre' },
  { id: 'guests', slot: 'left' },
  { id: 'tasks', slot: 'right' },
] as const

const now = () => arranged(panels, useLayout.getState().columns)

beforeEach(resetLayout)

it('panels that were never moved stand where they were made to be', () => {
  expect(now()).toEqual({ left: ['nodes', 'guests'], centre: ['globe'], right: ['tasks'] })
})

it('a panel is put before another in the other column', () => {
  place(panels, 'guests', 'right', 'tasks')
  expect(now()).toEqual({ left: ['nodes'], centre: ['globe'], right: ['guests', 'tasks'] })
})

it('a panel moves up and down within its column and no further', () => {
  shift(panels, 'guests', -1)
  expect(now().left).toEqual(['guests', 'nodes'])
  shift(panels, 'guests', -1)
  expect(now().left).toEqual(['guests', 'nodes'])
  shift(panels, 'guests', 1)
  expect(now().left).toEqual(['nodes', 'guests'])
  shift(panels, 'guests', 1)
  expect(now().left).toEqual(['nodes', 'guests'])
})

it('what belongs to the centre stays there', () => {
  place(panels, 'globe', 'left', null)
  place(panels, 'nodes', 'centre', null)
  expect(now()).toEqual({ left: ['guests', 'nodes'], centre: ['globe'], right: ['tasks'] })
})

it('a panel that is new stands where it was made to be, and one that is gone is left out', () => {
  place(panels, 'tasks', 'left', 'nodes')
  const later = [...panels.slice(1), { id: 'terminal', slot: 'right' } as const]
  expect(arranged(later, useLayout.getState().columns)).toEqual({
    left: ['tasks', 'guests'],
    centre: ['globe'],
    right: ['terminal'],
  })
})

it('what another version stored is taken as far as it makes sense', () => {
  const layout = recalled({
    mode: 'disco',
    accent: 'cyan',
    collapsed: { nodes: true, tasks: 'yes' },
    columns: 7,
  })
  expect(layout).toMatchObject({
    mode: 'jarvis',
    accent: 'cyan',
    scheme: 'dark',
    collapsed: { nodes: true },
    columns: { left: [], centre: [], right: [] },
  })
  expect(recalled(null).mode).toBe('jarvis')
})

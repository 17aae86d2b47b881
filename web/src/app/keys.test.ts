import { afterEach, beforeEach, expect, it } from 'vitest'
import { view } from '../../tests/support/rows.ts'
import { setCluster, useClusters } from '../stores/clusters.ts'
import { useLayout } from '../stores/layout.ts'
import { navigate, useLocation } from '../stores/location.ts'
import { fromView } from '../stores/merge.ts'
import { useOverlay } from '../stores/overlay.ts'
import { press, shortcuts } from './keys.ts'

const hit = (key: string, more: KeyboardEventInit = {}, target: HTMLElement = document.body) => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
  target.addEventListener('keydown', press, { once: true })
  target.dispatchEvent(event)
}
const path = () => useLocation.getState().path

beforeEach(() => {
  useClusters.setState({ all: {} })
  for (const key of ['east', 'west']) setCluster(fromView(view(key, []), 1))
  useOverlay.setState({ open: null, typed: '' })
  navigate('/c/east')
})

afterEach(() => {
  useLayout.setState({ keys: true })
  document.body.replaceChildren()
})

it('brackets go round the clusters', () => {
  hit(']')
  expect(path()).toBe('/c/west')
  hit(']')
  expect(path()).toBe('/c/east')
  hit('[')
  expect(path()).toBe('/c/west')
})

it('g and a letter go to a page of the cluster on screen', () => {
  hit('g')
  hit('f')
  expect(path()).toBe('/c/east/feed')
  hit('g')
  hit('o')
  expect(path()).toBe('/c/east')
})

it('a letter without g before it does nothing', () => {
  hit('g')
  hit('x')
  hit('f')
  expect(path()).toBe('/c/east')
})

it('nothing happens while somebody types, save for the palette', () => {
  const field = document.body.appendChild(document.createElement('input'))
  hit('?', {}, field)
  expect(useOverlay.getState().open).toBeNull()
  hit('k', { ctrlKey: true }, field)
  expect(useOverlay.getState().open).toBe('palette')
})

it('single keys can be turned off, and then only the palette is left', () => {
  useLayout.setState({ keys: false })
  hit('?')
  expect(useOverlay.getState().open).toBeNull()
  hit('K', { metaKey: true })
  expect(useOverlay.getState().open).toBe('palette')
})

it('an overlay that is not there yet leaves the keys alone, an open dialog takes them', () => {
  useOverlay.setState({ open: 'keys' })
  hit(']')
  expect(path()).toBe('/c/west')
  document.body.appendChild(document.createElement('dialog')).setAttribute('open', '')
  hit(']')
  expect(path()).toBe('/c/west')
})

it('what is typed before the palette has come is kept for it', () => {
  const field = document.body.appendChild(document.createElement('input'))
  hit('k', { ctrlKey: true }, field)
  for (const key of ['g', 'f', ']', 'x', 'Backspace', 'Shift', '?']) hit(key, {}, field)
  expect(useOverlay.getState()).toEqual({ open: 'palette', typed: 'gf]?' })
  expect(path()).toBe('/c/east')
  hit('Escape')
  expect(useOverlay.getState()).toEqual({ open: null, typed: '' })
})

it('no two shortcuts want the same keys', () => {
  const keys = shortcuts.map((shortcut) => shortcut.keys)
  expect(new Set(keys).size).toBe(keys.length)
})

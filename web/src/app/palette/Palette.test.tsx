import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { guest, many, view } from '../../../tests/support/rows.ts'
import { best } from '../../lib/fuzzy.ts'
import { setCluster, useClusters } from '../../stores/clusters.ts'
import { navigate, useLocation } from '../../stores/location.ts'
import { fromView } from '../../stores/merge.ts'
import { useOverlay } from '../../stores/overlay.ts'
import { useSession } from '../../stores/session.ts'
import { entriesOf } from './entries.ts'
import Palette from './Palette.tsx'

const named = (key: string, name: string, guests = [guest(100, { name: 'web' })]) =>
  fromView(view(key, guests, { header: { ...view(key, []).header, name } }), 1)

beforeEach(() => {
  useClusters.setState({ all: {} })
  useOverlay.setState({ open: 'palette', typed: '' })
  useSession.setState({ status: 'signedIn', role: 'viewer' })
  navigate('/')
})

afterEach(cleanup)

const field = () => screen.getByRole('combobox')
const options = () => screen.getAllByRole('option').map((row) => row.textContent)
const type = (value: string) => act(() => fireEvent.change(field(), { target: { value } }))

it('the same name in two clusters is told apart, and Enter goes to the chosen one', () => {
  setCluster(named('east', 'East'))
  setCluster(named('west', 'West'))
  render(<Palette />)
  type('web')
  expect(options().slice(0, 2)).toEqual([
    expect.stringContaining('100 · pve1 · East'),
    expect.stringContaining('100 · pve1 · West'),
  ])
  fireEvent.keyDown(field(), { key: 'ArrowDown' })
  expect(field().getAttribute('aria-activedescendant')).toBe('palette-1')
  expect(screen.getAllByRole('option')[1]?.getAttribute('aria-selected')).toBe('true')
  fireEvent.keyDown(field(), { key: 'Enter' })
  expect(useLocation.getState().path).toBe('/c/west/guest/100')
  expect(useOverlay.getState().open).toBeNull()
})

it('begins with what was typed before it was there', () => {
  setCluster(named('east', 'East'))
  useOverlay.setState({ open: 'palette', typed: 'web' })
  render(<Palette />)
  expect((field() as HTMLInputElement).value).toBe('web')
  expect(options()[0]).toContain('web')
})

it('the arrows go round', () => {
  setCluster(named('east', 'East'))
  render(<Palette />)
  type('web')
  fireEvent.keyDown(field(), { key: 'ArrowUp' })
  const last = screen.getAllByRole('option').length - 1
  expect(field().getAttribute('aria-activedescendant')).toBe(`palette-${last}`)
})

it('what nothing is called says so', () => {
  setCluster(named('east', 'East'))
  render(<Palette />)
  type('zzzzqqq')
  expect(screen.getByRole('status').textContent).toBe('Nothing is called so.')
  expect(field().getAttribute('aria-activedescendant')).toBeNull()
})

it('words are found in any order, in the title first, also with letters left out', () => {
  const all = ['database-eu-1', 'web-db', 'db', 'adobe'].map((title) => ({ title }))
  const find = (query: string) => best(all, query, 9, ({ title }) => [title, '']).map(({ title }) => title)
  expect(find('db')).toEqual(['db', 'web-db', 'adobe', 'database-eu-1'])
  expect(find('1 data')).toEqual(['database-eu-1'])
  expect(find('adb')).toEqual(['adobe'])
})

it('of 5 000 guests only the closest are shown', () => {
  setCluster(named('east', 'East', many(5_000)))
  render(<Palette />)
  type('guest-5')
  expect(screen.getAllByRole('option')).toHaveLength(50)
  type('guest-5099')
  expect(options()[0]).toContain('5099 · pve1')
})

it('pages and commands are offered beside what the clusters hold', () => {
  const titles = entriesOf([named('east', 'East')], 'viewer').map((entry) => entry.title)
  expect(titles).toContain('Feed')
  expect(titles).toContain('Sign out')
})

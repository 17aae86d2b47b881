import { expect, it } from 'vitest'
import type { SnapshotView } from '../../contract/rest.gen.ts'
import { type Branch, tree } from './tree.ts'

const snapshot = (name: string, parent: string | null, at: string | null = null): SnapshotView => ({
  name,
  parent,
  at,
  description: null,
  memory: false,
  current: name === 'current',
})

const drawn = (branches: readonly Branch[]): string =>
  branches.map(({ snapshot, children }) => `${snapshot.name}(${drawn(children)})`).join(' ')

it('snapshots hang below what they were made from, the present last', () => {
  const all = [
    snapshot('current', 'b'),
    snapshot('c', 'a', '2026-01-03T00:00:00Z'),
    snapshot('b', 'a', '2026-01-02T00:00:00Z'),
    snapshot('a', null, '2026-01-01T00:00:00Z'),
  ]
  expect(drawn(tree(all))).toBe('a(b(current()) c())')
})

it('nothing is lost when a parent is gone or a circle was drawn', () => {
  expect(drawn(tree([snapshot('orphan', 'gone'), snapshot('current', 'orphan')]))).toBe('orphan(current())')
  const circle = tree([snapshot('x', 'y'), snapshot('y', 'x'), snapshot('z', 'z')])
  expect(circle.map((branch) => branch.snapshot.name).sort()).toEqual(['x', 'y', 'z'])
})

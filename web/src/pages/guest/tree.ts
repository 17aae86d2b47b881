import type { SnapshotView } from '../../contract/rest.gen.ts'

export interface Branch {
  readonly snapshot: SnapshotView
  readonly children: readonly Branch[]
}

const order = (a: SnapshotView, b: SnapshotView) =>
  Number(a.current) - Number(b.current) ||
  (a.at ?? '').localeCompare(b.at ?? '') ||
  a.name.localeCompare(b.name)

/** Snapshots below what they were made from; one whose parent is gone, or that would be its own, stands at the root. */
export function tree(snapshots: readonly SnapshotView[]): readonly Branch[] {
  const names = new Set(snapshots.map(({ name }) => name))
  const below = (parent: string | null, above: ReadonlySet<string>): readonly Branch[] =>
    snapshots
      .filter((each) => (each.parent !== null && names.has(each.parent) ? each.parent : null) === parent)
      .filter((each) => !above.has(each.name))
      .sort(order)
      .map((snapshot) => ({ snapshot, children: below(snapshot.name, new Set([...above, snapshot.name])) }))
  const roots = below(null, new Set())
  const placed = new Set<string>()
  const visit = ({ snapshot, children }: Branch) => {
    placed.add(snapshot.name)
    children.forEach(visit)
  }
  roots.forEach(visit)
  const lost = snapshots.filter(({ name }) => !placed.has(name))
  return [...roots, ...lost.map((snapshot) => ({ snapshot, children: [] }))]
}

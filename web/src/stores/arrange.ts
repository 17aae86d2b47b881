import { type Columns, type Slot, slots, useLayout } from './layout.ts'

/** What arranging has to know of a panel; those of the centre stay there, because a column is too narrow for them. */
export interface Placed {
  readonly id: string
  readonly slot: Slot
}

const empty = (): Record<Slot, string[]> => ({ left: [], centre: [], right: [] })

/** Every panel once: where it was put, else at the foot of where it was made to be. */
export function arranged(panels: readonly Placed[], columns: Columns): Columns {
  const found = empty()
  const left = new Map(panels.map((panel) => [panel.id, panel]))
  for (const slot of slots)
    for (const id of columns[slot]) {
      const panel = left.get(id)
      if (!panel || (panel.slot === 'centre') !== (slot === 'centre')) continue
      found[slot].push(id)
      left.delete(id)
    }
  for (const panel of left.values()) found[panel.slot].push(panel.id)
  return found
}

/** Puts a panel before another, or at the foot of the column without one. */
export function place(panels: readonly Placed[], id: string, slot: Slot, before: string | null): void {
  useLayout.setState(({ columns }) => {
    const now = arranged(panels, columns)
    const next = empty()
    for (const each of slots) next[each] = now[each].filter((other) => other !== id)
    const at = before === null ? -1 : next[slot].indexOf(before)
    next[slot].splice(at < 0 ? next[slot].length : at, 0, id)
    return { columns: arranged(panels, next) }
  })
}

/** One place up or down in its own column. */
export function shift(panels: readonly Placed[], id: string, by: -1 | 1): void {
  const columns = arranged(panels, useLayout.getState().columns)
  const slot = slots.find((each) => columns[each].includes(id))
  if (!slot) return
  const at = columns[slot].indexOf(id)
  const before = by < 0 ? columns[slot][at - 1] : columns[slot][at + 2]
  if (by < 0 && before === undefined) return
  place(panels, id, slot, before ?? null)
}

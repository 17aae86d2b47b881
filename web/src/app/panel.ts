import type { Later } from '../lib/later.ts'
import type { Role } from '../stores/session.ts'

export interface Panel {
  readonly id: string
  readonly title: string
  readonly slot: 'left' | 'centre' | 'right'
  /** Position in its slot, from the top. */
  readonly order: number
  /** The letter that goes there after `g`. */
  readonly key?: string
  /** Lower roles do not see it. */
  readonly role?: Role
  /** How many things it holds, shown beside its title. */
  readonly useCount?: () => number | null
  /** True where its body scrolls and holds nothing to focus. */
  readonly scrolls?: boolean
  readonly view: Later<object>
}

export const definePanel = (panel: Panel): Panel => panel

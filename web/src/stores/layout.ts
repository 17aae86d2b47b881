import { create } from 'zustand'
import { persist } from 'zustand/middleware'

export const modes = ['jarvis', 'ops', 'minimal'] as const
export const accents = ['amber', 'cyan', 'green', 'purple', 'red'] as const
/** `auto` is light when the system asks for light. */
export const schemes = ['dark', 'light', 'auto'] as const
export const densities = ['comfortable', 'compact'] as const

export const slots = ['left', 'centre', 'right'] as const
export type Slot = (typeof slots)[number]
export type Columns = Readonly<Record<Slot, readonly string[]>>

export interface Layout {
  readonly mode: (typeof modes)[number]
  readonly accent: (typeof accents)[number]
  readonly scheme: (typeof schemes)[number]
  readonly density: (typeof densities)[number]
  /** Whether single keys do something; Ctrl-K always does. */
  readonly keys: boolean
  readonly collapsed: Readonly<Record<string, boolean>>
  /** Ids of panels from the top; a panel that stands in neither is where it was made to be. */
  readonly columns: Columns
  /** What a narrow screen shows: `centre` or a panel's id. */
  readonly section: string
}

const untouched = {
  collapsed: {},
  columns: { left: [], centre: [], right: [] },
} as const satisfies Partial<Layout>

const first: Layout = {
  mode: 'jarvis',
  accent: 'amber',
  scheme: 'dark',
  density: 'comfortable',
  keys: true,
  ...untouched,
  section: 'centre',
}

const among = <T>(all: readonly T[], value: unknown, otherwise: T): T =>
  all.find((each) => each === value) ?? otherwise

const names = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []

/** What an older or a newer version of the page stored is taken as far as it makes sense. */
export function recalled(stored: unknown): Layout {
  const { mode, accent, scheme, density, keys, collapsed, columns } = (stored ?? {}) as Partial<Layout>
  return {
    ...first,
    mode: among(modes, mode, first.mode),
    accent: among(accents, accent, first.accent),
    scheme: among(schemes, scheme, first.scheme),
    density: among(densities, density, first.density),
    keys: keys !== false,
    collapsed: Object.fromEntries(Object.entries(collapsed ?? {}).filter(([, value]) => value === true)),
    columns: { left: names(columns?.left), centre: names(columns?.centre), right: names(columns?.right) },
  }
}

export const useLayout = create<Layout>()(
  persist((): Layout => first, {
    name: 'jarvis-layout',
    version: 2,
    migrate: (stored) => stored as Layout,
    merge: recalled,
    partialize: ({ section: _, ...kept }) => kept as Layout,
  }),
)

export function toggle(panel: string): void {
  useLayout.setState(({ collapsed }) => ({ collapsed: { ...collapsed, [panel]: !collapsed[panel] } }))
}

export function resetLayout(): void {
  useLayout.setState(untouched)
}

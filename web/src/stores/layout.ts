import { create } from 'zustand'
import { persist } from 'zustand/middleware'

export const modes = ['jarvis', 'ops', 'minimal'] as const
export const accents = ['amber', 'cyan', 'green', 'purple', 'red'] as const

interface Layout {
  readonly mode: (typeof modes)[number]
  readonly accent: (typeof accents)[number]
  readonly collapsed: Readonly<Record<string, boolean>>
  /** What a narrow screen shows: `centre` or a panel's id. */
  readonly section: string
}

export const useLayout = create<Layout>()(
  persist((): Layout => ({ mode: 'jarvis', accent: 'amber', collapsed: {}, section: 'centre' }), {
    name: 'jarvis-layout',
    version: 1,
    partialize: ({ mode, accent, collapsed }) => ({ mode, accent, collapsed }),
  }),
)

export function toggle(panel: string): void {
  useLayout.setState(({ collapsed }) => ({ collapsed: { ...collapsed, [panel]: !collapsed[panel] } }))
}

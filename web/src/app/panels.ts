import type { Panel } from './panel.ts'

/** Every folder under panels/ is a panel; nothing else registers one. */
export const panels = Object.values(
  import.meta.glob<Panel>('../panels/*/index.ts', { eager: true, import: 'default' }),
).sort((a, b) => a.order - b.order)

import type { Section } from './section.ts'

/** Every folder under sections/ is a section; nothing else registers one. */
export const sections = Object.values(
  import.meta.glob<Section>('./sections/*/index.ts', { eager: true, import: 'default' }),
).sort((a, b) => a.order - b.order)

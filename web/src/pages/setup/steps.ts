import type { Step } from './step.ts'

/** Every folder under steps/ is a step; nothing else registers one. */
export const steps = Object.values(
  import.meta.glob<Step>('./steps/*/index.ts', { eager: true, import: 'default' }),
).sort((a, b) => a.order - b.order)

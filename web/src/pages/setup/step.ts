import type { ComponentType, LazyExoticComponent } from 'react'

export interface Step {
  /** The server's name of it, by which `GET /api/setup` says whether it is done. */
  readonly id: string
  readonly order: number
  readonly title: string
  readonly view: LazyExoticComponent<ComponentType<StepProps>>
}

export interface StepProps {
  /** On to the next step; what this one did is asked of the server anew. */
  readonly onDone: () => void
  /** Null where there is nothing to go back to. */
  readonly onBack: (() => void) | null
}

export const defineStep = (step: Step): Step => step

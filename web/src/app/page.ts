import type { ComponentType, LazyExoticComponent } from 'react'

export interface Page {
  /** Below `/c/:cluster`; parts that begin with a colon reach the view as `params`. */
  readonly path: string
  readonly title: string
  /** Pages with a tab stand in the centre's tab row in this order. */
  readonly tab?: number
  readonly view: LazyExoticComponent<ComponentType<PageProps>>
}

export interface PageProps {
  readonly cluster: string
  readonly params: Readonly<Record<string, string>>
}

export const definePage = (page: Page): Page => page

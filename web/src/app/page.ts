import type { Later } from '../lib/later.ts'
import type { Role } from '../stores/session.ts'

export interface Page {
  /** Parts that begin with a colon reach the view as `params`. */
  readonly path: string
  readonly title: string
  /** A page of a cluster lies below `/c/:cluster`, one of the app at `path` itself. */
  readonly scope?: 'cluster' | 'app'
  /** Hidden from lower roles and refused to them; without it whoever is signed in may see it. */
  readonly role?: Role
  /** Fills the screen by itself, without header and panels, whether somebody is signed in or not. */
  readonly alone?: boolean
  /** Pages with a tab stand in the centre's tab row in this order. */
  readonly tab?: number
  /** The letter that goes there after `g`. */
  readonly key?: string
  /** More words by which the palette finds it. */
  readonly palette?: readonly string[]
  /** Addresses of a page whose path has parts, so that the palette can offer them. */
  readonly places?: readonly Place[]
  readonly view: Later<PageProps>
}

export interface Place {
  readonly path: string
  readonly title: string
  readonly role?: Role
  readonly palette?: readonly string[]
}

export interface PageProps {
  /** Empty on a page of the app. */
  readonly cluster: string
  readonly params: Readonly<Record<string, string>>
}

export const definePage = (page: Page): Page => page

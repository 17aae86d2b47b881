import { match } from '../lib/match.ts'
import type { Page } from './page.ts'
import wall from './wall/index.ts'

/** Every folder under pages/ is a page; nothing else registers one, save the wall, which shows panels. */
export const pages = [
  ...Object.values(import.meta.glob<Page>('../pages/*/index.ts', { eager: true, import: 'default' })),
  wall,
]

export const tabs = pages.filter((page) => page.tab !== undefined).sort((a, b) => (a.tab ?? 0) - (b.tab ?? 0))

export interface Found {
  readonly page: Page
  readonly cluster: string
  readonly params: Readonly<Record<string, string>>
}

export function findPage(path: string): Found | null {
  for (const page of pages) {
    const params = match(page.scope === 'app' ? page.path : `/c/:cluster${page.path}`, path)
    if (params) return { page, cluster: page.scope === 'app' ? '' : (params.cluster ?? ''), params }
  }
  return null
}

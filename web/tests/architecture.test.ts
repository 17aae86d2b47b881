import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { expect, it } from 'vitest'
import { pages } from '../src/app/pages.ts'
import { panels } from '../src/app/panels.ts'

const sources = import.meta.glob<string>('../src/**/*.{ts,tsx}', {
  query: '?raw',
  eager: true,
  import: 'default',
})

// folder => the folders it may import from, besides itself
const mayUse: Record<string, string[]> = {
  'main.tsx': ['app', 'hub', 'stores/look.ts', 'theme', 'ui'],
  app: ['panels', 'pages', 'parts', 'stores', 'hub', 'ui', 'lib'],
  panels: ['app/panel.ts', 'stores', 'hub', 'contract', 'ui', 'lib'],
  pages: ['app/page.ts', 'parts', 'stores', 'hub', 'api', 'contract', 'ui', 'lib'],
  parts: ['stores', 'hub', 'api', 'contract', 'ui', 'lib'],
  hub: ['api', 'stores', 'contract', 'lib'],
  api: ['contract', 'lib'],
  stores: ['contract', 'lib'],
  contract: [],
  ui: ['lib'],
  lib: [],
}

const area = (path: string) => /^\.\.\/src\/((?:panels|pages)\/[^/]+|[^/]+)/.exec(path)?.[1] ?? ''
const folder = (path: string) => area(path).split('/')[0] ?? ''
const own = Object.entries(sources).filter(([file]) => !/\.gen\.ts$|\.test\.tsx?$/.test(file))

it('imports follow the map', () => {
  const broken = own.flatMap(([file, text]) =>
    [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)]
      .map((found) => join(dirname(file), found[1] ?? ''))
      .filter((target) => area(target) !== area(file))
      .filter((target) => !mayUse[folder(file)]?.some((allowed) => target.startsWith(`../src/${allowed}`)))
      .map((target) => `${file} -> ${target}`),
  )
  expect(broken).toEqual([])
})

it('panels and pages are found, each once', () => {
  expect(panels.length).toBeGreaterThan(5)
  expect(new Set(panels.map((panel) => panel.id)).size).toBe(panels.length)
  expect(new Set(pages.map((page) => page.path)).size).toBe(pages.length)
})

it.each([
  ['fetches only in api', /\bfetch\(/, ['api']],
  ['opens sockets only in hub', /HubConnectionBuilder|new WebSocket/, ['hub']],
  ['keeps timers out of components', /\b(?:setInterval|setTimeout|requestAnimationFrame)\(/, ['hub', 'lib']],
  ['sets no HTML', /dangerouslySetInnerHTML|innerHTML/, []],
] as const)('the page %s', (_, pattern, allowed) => {
  const found = own.filter(
    ([file, text]) => pattern.test(text) && !allowed.some((each) => each === folder(file)),
  )
  expect(found.map(([file]) => file)).toEqual([])
})

it('colours are named in the theme alone', () => {
  const found = own.filter(([, text]) => /['"`]#[0-9a-f]{3,8}['"`]|\brgba?\(/i.test(text))
  expect(found.map(([file]) => file)).toEqual([])
})

it('wire types come from the contract', () => {
  const found = own.filter(
    ([file, text]) => folder(file) !== 'contract' && /interface \w*(?:View|Delta)\b/.test(text),
  )
  expect(found.map(([file]) => file)).toEqual([])
})

it.each(own)('%s is short', (_, text) => {
  expect(text.split('\n').length).toBeLessThanOrEqual(250)
})

it('a class is what one sheet says it is, for all sheets lie in one page', () => {
  // read as files: vitest hands every style sheet over empty
  const folder = join(import.meta.dirname, '../src')
  const sheets = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.css'),
  )
  expect(sheets.length).toBeGreaterThan(20)
  const told = new Map<string, string>()
  const twice: string[] = []
  for (const file of sheets)
    for (const [, name = ''] of readFileSync(join(folder, file), 'utf8').matchAll(/^\.([\w-]+) \{/gm)) {
      const before = told.get(name)
      if (before !== undefined && before !== file) twice.push(`.${name}: ${before} and ${file}`)
      told.set(name, file)
    }
  expect(twice).toEqual([])
})

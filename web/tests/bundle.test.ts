// @vitest-environment node
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rollup } from 'vite'
import { beforeAll, expect, it } from 'vitest'

const MOST = 250 * 1_024
const files = new Map<string, Rollup.OutputChunk | Rollup.OutputAsset>()

beforeAll(async () => {
  const root = resolve(import.meta.dirname, '..')
  const built = await build({ root, mode: 'production', logLevel: 'silent', build: { write: false } })
  for (const file of (built as Rollup.RollupOutput).output) files.set(file.fileName, file)
}, 60_000)

const content = (name: string): string => {
  const file = files.get(name)
  if (!file) throw new Error(`${name} was not built`)
  return file.type === 'chunk' ? file.code : String(file.source)
}

/** The page, what it names, and what that imports before anything can run. */
function firstLoad(): Set<string> {
  const found = new Set(['index.html'])
  for (const [, name] of content('index.html').matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g))
    found.add(name ?? '')
  for (const name of found) {
    const file = files.get(name)
    if (file?.type === 'chunk')
      for (const each of [...file.imports, ...(file.viteMetadata?.importedCss ?? [])]) found.add(each)
  }
  return found
}

it('the first load is small, fonts not counted', () => {
  const bytes = [...firstLoad()].reduce((sum, name) => sum + gzipSync(content(name)).length, 0)
  expect(bytes).toBeGreaterThan(100_000)
  expect(bytes).toBeLessThanOrEqual(MOST)
})

const modulesOf = (name: string): readonly string[] => {
  const file = files.get(name)
  return file?.type === 'chunk' ? file.moduleIds : []
}

it('the page itself names all that the screen waits for, in few files', () => {
  const names = [...firstLoad()]
  const modules = names.flatMap(modulesOf).join('\n')
  const panels = Object.keys(import.meta.glob('../src/panels/*/index.ts'))
  expect(panels.length).toBeGreaterThan(5)
  for (const panel of panels)
    expect(modules).toMatch(new RegExp(`/src/${panel.slice(7, -8)}[A-Z]\\w+\\.tsx$`, 'm'))
  expect(modules).toMatch(/\/src\/hub\/cluster\.ts$/m)
  expect(names.length).toBeLessThan(10)
})

it('the session is asked for before the rest of the page has come', () => {
  const entry = /<script type="module"[^>]* src="\/([^"]+)"/.exec(content('index.html'))?.[1] ?? ''
  const needed = new Set([entry])
  for (const name of needed) {
    const file = files.get(name)
    if (file?.type === 'chunk') for (const each of file.imports) needed.add(each)
  }
  const modules = [...needed].flatMap(modulesOf).join('\n')
  expect(modules).toMatch(/\/src\/hub\/session\.ts$/m)
  expect(modules).not.toMatch(/react-dom|signalr|msgpack/)
})

it('the page holds no inline script, style or handler', () => {
  const html = content('index.html')
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/)
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/)
})

it('no script writes style elements, which the policy of the page refuses', () => {
  for (const name of files.keys())
    if (name.endsWith('.js')) expect(content(name), name).not.toMatch(/data-sonner-toaster\]\[dir=ltr/)
})

it('nothing is loaded from elsewhere', () => {
  expect(content('index.html')).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
  for (const name of files.keys())
    if (name.endsWith('.css')) expect(content(name)).not.toMatch(/url\(["']?(?:https?:)?\/\//)
})

it('every font is woff2', () => {
  const fonts = [...files.keys()].filter((name) => /\.(?:woff2?|ttf|otf|eot)$/.test(name))
  expect(fonts.length).toBeGreaterThan(2)
  expect(fonts.filter((name) => !name.endsWith('.woff2'))).toEqual([])
})

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const server = process.env.JARVIS_SERVER ?? 'http://127.0.0.1:5080'

// The page names the version of the product it was built with.
const product = readFileSync(join(import.meta.dirname, '../Directory.Build.props'), 'utf8')
process.env.VITE_VERSION = /<Version>([^<]+)</.exec(product)?.[1] ?? 'unknown'

/** The server hands out compressed files as they lie here. */
function compressed(): Plugin {
  let folder = ''
  return {
    name: 'compressed',
    apply: 'build',
    configResolved: (config) => {
      folder = join(config.root, config.build.outDir)
    },
    writeBundle: () => {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(?:js|css|html|svg|webmanifest)$/.test(name)) continue
        const content = readFileSync(join(folder, name))
        writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }))
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content))
      }
    },
  }
}

/** Tells the service worker which files never change under their names. */
function named(): Plugin {
  let worker = ''
  return {
    name: 'named',
    apply: 'build',
    configResolved: (config) => {
      worker = join(config.root, config.build.outDir, 'sw.js')
    },
    writeBundle: (_, bundle) => {
      const assets = Object.keys(bundle).filter((name) => name.startsWith('assets/'))
      const list = JSON.stringify(assets.sort().map((name) => `/${name}`))
      writeFileSync(
        worker,
        readFileSync(worker, 'utf8').replace('const ASSETS = []', `const ASSETS = ${list}`),
      )
    },
  }
}

/** What every visit needs, in few files: each is a way there and back, and none waits for what another names. */
const groups = [
  {
    name: 'first',
    priority: 4,
    test: /\/src\/(?:(?:stores|lib|api)\/|hub\/(?:session|version)\.ts$|(?:theme|ui|app|panels|parts\/boot)\/.*\.css$)/,
  },
  { name: 'app', priority: 3, test: /\/src\/app\/mount\.tsx$/ },
  { name: 'hub', priority: 2, test: /\/src\/hub\/follow\.ts$/ },
  { name: 'screen', priority: 1, test: /\/src\/panels\/\w+\/[A-Z]\w+\.tsx$/ },
]

/** Has the page fetch them at once, not only when the first of them has come and asks for the others. */
const ahead: Plugin = {
  name: 'ahead',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle = {} }) =>
      ['app', 'hub', 'screen'].map((name) => {
        const chunk = Object.values(bundle).find((file) => file.type === 'chunk' && file.name === name)
        if (!chunk) throw new Error(`no chunk is called ${name}`)
        const attrs = {
          rel: 'modulepreload',
          crossorigin: true,
          fetchpriority: 'low',
          href: `/${chunk.fileName}`,
        }
        return { tag: 'link', attrs, injectTo: 'head' as const }
      }),
  },
}

/** Its own style sheet is imported instead; the page's policy would refuse what it writes into the head. */
const withoutStyleElements: Plugin = {
  name: 'without-style-elements',
  transform: (code, id) =>
    /node_modules\/sonner\/dist\/index\.m?js/.test(id) ? code.replace(/^__insertCSS\(.*\);$/m, '') : null,
}

export default defineConfig({
  plugins: [react(), named(), compressed(), ahead, withoutStyleElements],
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  server: {
    proxy: {
      '/api': { target: server },
      '/hubs': { target: server, ws: true },
    },
  },
  test: { include: ['src/**/*.test.{ts,tsx}', 'tests/*.test.{ts,tsx}'], environment: 'happy-dom' },
})

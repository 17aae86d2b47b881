// Looks at every page with Lighthouse, prints what falls short and writes docs/screen-performance.md.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import lighthouse, { desktopConfig } from 'lighthouse'
import { launch } from 'puppeteer-core'
import { bounds } from './bounds.mjs'
import { measureFleet } from './fleet.mjs'
import { writePage } from './page.mjs'
import { admin, namesOf, root, startServer } from './stack.mjs'

const LOOKS = 3
const phone = process.argv.includes('--phone')
const only = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? ''
const places = JSON.parse(readFileSync(join(root, 'web/tests/support/places.json'), 'utf8'))

const points = (category) => Math.round((category?.score ?? 0) * 100)
const shortOf = (row, mobile) => [
  ...(row.accessibility < bounds.accessibility ? ['accessibility'] : []),
  ...(row.practices < bounds.practices ? ['practices'] : []),
  ...(!mobile && row.performance < bounds.performance ? ['performance'] : []),
  ...(mobile && !(row.interactive < bounds.interactive) ? ['interactive'] : []),
]

/** In a tab of its own, as whoever follows a link; one in the background would not be painted. */
async function look(context, url, name, mobile) {
  const page = await context.newPage()
  try {
    return await audit(page, url, name, mobile)
  } finally {
    await page.close()
  }
}

async function audit(page, url, name, mobile) {
  const flags = { onlyCategories: ['performance', 'accessibility', 'best-practices'], logLevel: 'error' }
  const { lhr } = await lighthouse(url, flags, mobile ? undefined : desktopConfig, page)
  if (lhr.runtimeError) {
    console.error(`${name}: ${lhr.runtimeError.message}`)
    return null
  }
  if (lhr.finalDisplayedUrl !== url) throw new Error(`${name}: asked for ${url}, came to ${lhr.finalDisplayedUrl}`)
  const { audits, categories } = lhr
  const weighed = ['accessibility', 'best-practices'].flatMap((id) => categories[id].auditRefs.filter(({ weight }) => weight > 0))
  return {
    name,
    accessibility: points(categories.accessibility),
    practices: points(categories['best-practices']),
    performance: points(categories.performance),
    interactive: audits.interactive.numericValue ?? Number.POSITIVE_INFINITY,
    first: audits['first-contentful-paint'].numericValue ?? Number.NaN,
    largest: audits['largest-contentful-paint'].numericValue ?? Number.NaN,
    blocked: audits['total-blocking-time'].numericValue ?? Number.NaN,
    shift: audits['cumulative-layout-shift'].numericValue ?? Number.NaN,
    failed: weighed.map(({ id }) => audits[id]).filter(({ score }) => score !== null && score < 1).map(({ id, details }) => `${id} ${JSON.stringify(details?.items?.slice(0, 3) ?? []).slice(0, 600)}`),
  }
}

async function best(context, url, name, mobile) {
  let found = null
  for (let i = 0; i < LOOKS && (!found || shortOf(found, mobile).length > 0); i++) {
    const row = await look(context, url, name, mobile)
    if (!row) continue
    const better = mobile ? row.interactive < (found?.interactive ?? Infinity) : row.performance > (found?.performance ?? -1)
    if (better) found = row
  }
  if (!found) throw new Error(`${name} could not be looked at`)
  const short = shortOf(found, mobile)
  console.log(`${short.length > 0 ? '✗' : '✓'} ${mobile ? 'phone' : 'desk '} ${name.padEnd(26)} accessibility ${found.accessibility}, practices ${found.practices}, performance ${found.performance}, interactive ${Math.round(found.interactive)} ms`)
  for (const each of found.failed) console.log(`    ${each}`)
  return found
}

// Puppeteer ends its browser at a signal, but not this process.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

const load = [loadavg()[0]]
const [server, bare] = [await startServer(), await startServer({ bare: true })]
const browser = await launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-sync', '--disable-component-update'],
})
let failed = false
try {
  const names = await namesOf(server.url)
  // One context for each kind of visitor, so that nobody wears another's cookies.
  const visitors = new Map()
  const visit = async (who) => {
    if (!visitors.has(who)) {
      const context = await browser.createBrowserContext()
      if (who === 'admin') {
        const page = await context.newPage()
        await page.goto(server.url)
        await page.evaluate(async (account) => {
          const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(account) }
          const answer = await fetch('/api/auth/login', init)
          if (!answer.ok) throw new Error(`sign-in: ${answer.status}`)
        }, admin)
        await page.close()
      }
      visitors.set(who, context)
    }
    return visitors.get(who)
  }
  const measure = async (rows, mobile) => {
    const found = []
    for (const { name, path, as } of rows) {
      const there = path.replaceAll(/\{(\w+)\}/g, (_, key) => names[key])
      found.push(await best(await visit(as), (as === 'newcomer' ? bare : server).url + there, name, mobile))
    }
    return found
  }
  const chosen = places.filter(({ name }) => name.includes(only))
  const desktop = phone ? [] : await measure(chosen, false)
  const mobile = await measure(chosen.filter(({ name }) => ['Sign-in', 'Overview'].includes(name)), true)
  failed = desktop.some((row) => shortOf(row, false).length > 0) || mobile.some((row) => shortOf(row, true).length > 0)
  const chromium = (await browser.version()).replace(/^Headless/, '').replace('/', ' ')
  await browser.close()
  if (!only && !phone) {
    const fleet = measureFleet()
    failed ||= fleet.failed
    load.push(loadavg()[0])
    const { version } = createRequire(import.meta.url)('lighthouse/package.json')
    writePage({ desktop, mobile, fleet: fleet.rows, chromium, lighthouse: version, load })
  }
} finally {
  await browser.close()
  await Promise.all([server.stop(), bare.stop()])
}
process.exit(failed ? 1 : 0)

// Measures the first load of the page in Chromium with an empty cache, signed in, and prints one line of JSON.
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const { chromium } = createRequire(resolve(import.meta.dirname, '../web/package.json'))('@playwright/test')
const { JARVIS_URL: url, JARVIS_USER: user, JARVIS_PASSWORD: password } = process.env
const limit = 60_000

const json = async (path, init) => {
  const answer = await fetch(url + path, init)
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
const { accessToken } = await json('/api/auth/login', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ user, password }),
})
// Ready means that it answers; the first look at the cluster may still be under way.
let nodes = []
for (let tries = 0; nodes.length === 0 && tries < 100; tries++) {
  if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 200))
  nodes = (await json('/api/cluster', { headers: { authorization: `Bearer ${accessToken}` } })).nodes
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-sync', '--disable-component-update'],
})
try {
  const first = await browser.newContext()
  const login = await first.newPage()
  await login.goto(url, { timeout: limit })
  await login.getByLabel('User').fill(user)
  await login.getByLabel('Password').fill(password)
  await login.getByRole('button', { name: 'Sign in' }).click()
  await login.getByText(nodes[0].name).first().waitFor({ timeout: limit })
  const storageState = await first.storageState()
  await first.close()

  const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  const wire = await context.newCDPSession(page)
  await wire.send('Network.enable')
  await wire.send('Network.setExtraHTTPHeaders', { headers: { 'accept-encoding': 'gzip' } })
  const kinds = new Map()
  const bytes = {}
  wire.on('Network.responseReceived', (e) => kinds.set(e.requestId, e.type))
  wire.on('Network.loadingFinished', (e) => {
    const kind = kinds.get(e.requestId) ?? 'Other'
    bytes[kind] = (bytes[kind] ?? 0) + e.encodedDataLength
  })
  // Useful is the first frame that shows a node of the live cluster.
  await page.addInitScript((name) => {
    const look = () => {
      if (document.body?.innerText.includes(name)) requestAnimationFrame(() => { window.usefulAt = performance.now() })
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  }, nodes[0].name)
  await page.goto(url, { timeout: limit, waitUntil: 'commit' })
  await page.waitForFunction(() => window.usefulAt > 0, null, { timeout: limit })
  const paintMilliseconds = await page.evaluate(() => window.usefulAt)
  await page.waitForLoadState('load')
  const fontBytes = bytes.Font ?? 0
  const gzipBytes = Object.values(bytes).reduce((sum, n) => sum + n, 0) - fontBytes
  console.log(JSON.stringify({ paintMilliseconds, gzipBytes, fontBytes, bytes }))
} finally {
  await browser.close()
}

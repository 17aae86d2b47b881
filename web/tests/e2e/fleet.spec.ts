import { expect, test } from '@playwright/test'
import { live, signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'

const GUESTS = 5_000

let fleet: Simulator
let server: Server

test.beforeAll(async () => {
  fleet = await Simulator.start(
    '--scenario',
    'fleet',
    '--nodes',
    '40',
    '--guests',
    String(GUESTS),
    '--single-endpoint',
  )
  server = await Server.start([{ key: 'fleet', name: 'Fleet', simulator: fleet }])
})

test.afterAll(async () => {
  await server?.stop()
  await fleet?.stop()
})

interface Measured {
  /** Milliseconds between frames. */
  readonly median: number
  /** The longest task that held the main thread, 0 when none took 50 ms. */
  readonly longest: number
}

async function scrollThrough(box: Element): Promise<Measured> {
  let longest = 0
  const observer = new PerformanceObserver((found) => {
    for (const entry of found.getEntries()) longest = Math.max(longest, entry.duration)
  })
  observer.observe({ type: 'longtask' })
  const frames: number[] = []
  const end = box.scrollHeight - box.clientHeight
  let last = performance.now()
  for (let step = 0; step <= 240; step++) {
    box.scrollTop = (end * step) / 240
    const now = await new Promise<number>((painted) => requestAnimationFrame(painted))
    frames.push(now - last)
    last = now
  }
  observer.disconnect()
  return { median: frames.sort((a, b) => a - b)[120] ?? 0, longest }
}

test('5 000 guests scroll smoothly and few of them are in the page', async ({ page }) => {
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live', { timeout: 60_000 })
  const list = page.getByRole('listbox', { name: 'Guests' })
  await expect(page.getByText(`${GUESTS.toLocaleString('en')} guests`)).toBeVisible()
  await page.waitForTimeout(2_000)

  // Other work on the machine only ever adds to a pass, so the best of some is what the page costs.
  const passes: Measured[] = []
  for (let pass = 0; pass < 4; pass++) passes.push(await list.evaluate(scrollThrough))
  test.info().annotations.push({ type: 'measured', description: JSON.stringify(passes) })
  expect(Math.min(...passes.map((pass) => pass.median))).toBeLessThan(34)
  expect(Math.min(...passes.map((pass) => pass.longest))).toBeLessThan(50)
  expect(await list.locator('.guest').count()).toBeLessThan(60)
  await expect(list.locator('.guest').last()).toHaveAttribute('aria-posinset', String(GUESTS))
})

test('deltas of 5 000 guests keep the main thread almost idle', async ({ page }) => {
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live', { timeout: 60_000 })
  await page.waitForTimeout(3_000)
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const worked = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? Number.NaN
  }
  const before = await worked()
  await page.waitForTimeout(25_000)
  const share = ((await worked()) - before) / 25
  test
    .info()
    .annotations.push({ type: 'measured', description: `main thread busy ${(share * 100).toFixed(1)} %` })
  expect(share).toBeLessThan(0.05)
})

test('the palette finds one of 5 000 guests without holding the page up', async ({ page }) => {
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live', { timeout: 60_000 })
  await expect(page.getByText(`${GUESTS.toLocaleString('en')} guests`)).toBeVisible()
  await page.waitForTimeout(2_000)
  await page.evaluate(() => {
    const long: number[] = []
    Object.assign(globalThis, { long })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) long.push(Math.round(entry.duration))
    }).observe({ type: 'longtask' })
  })
  // Other work on the machine only ever adds to a pass, so the best of some is what it costs.
  const passes: number[] = []
  for (let pass = 0; pass < 4; pass++) {
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('combobox', { name: 'Go to or do' })).toBeFocused()
    await page.keyboard.type('4', { delay: 80 })
    await page.keyboard.type('12', { delay: 80 })
    const found = page.getByRole('listbox', { name: 'Found' }).getByRole('option')
    await expect(found.first()).toContainText('412')
    await page.keyboard.press('Escape')
    await expect(found).toHaveCount(0)
    passes.push(
      await page.evaluate(() => {
        const { long } = globalThis as unknown as { long: number[] }
        return Math.max(0, ...long.splice(0))
      }),
    )
  }
  test.info().annotations.push({ type: 'measured', description: JSON.stringify(passes) })
  expect(Math.min(...passes)).toBeLessThan(50)
})

import { expect, type Page, test } from '@playwright/test'
import { live, signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'
import { shoot } from './shoot.ts'

test.describe.configure({ mode: 'serial', timeout: 300_000 })

let east: Simulator
let west: Simulator
let server: Server

test.beforeAll(async () => {
  east = await Simulator.start('--scenario', 'homelab')
  west = await Simulator.start('--scenario', 'three-nodes')
  server = await Server.start([
    { key: 'home', name: 'Home lab', simulator: east },
    { key: 'office', name: 'Office', simulator: west },
  ])
})

test.afterAll(async () => {
  await server?.stop()
  await Promise.all([east?.stop(), west?.stop()])
})

const seen = async (page: Page) => {
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live')
}
const look = async (page: Page, ...choices: string[]) => {
  await page.getByRole('button', { name: /Signed in as/ }).click()
  for (const choice of choices)
    await page.getByRole('radio', { name: choice, exact: true }).check({ force: true })
  await page.keyboard.press('Escape')
}

test('what lies over the page', async ({ page }) => {
  await seen(page)
  await page.keyboard.press('Control+k')
  await shoot(page, 'palette')
  await page.keyboard.type('a')
  await shoot(page, 'palette-found')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await shoot(page, 'keyboard-map')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Arrange Tasks' }).click()
  await shoot(page, 'panel-menu')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /Signed in as/ }).click()
  await shoot(page, 'user-menu')
})

test('every theme', async ({ page }) => {
  await seen(page)
  await page.waitForTimeout(3_000)
  for (const accent of ['amber', 'cyan', 'green', 'purple', 'red']) {
    await look(page, 'light', accent)
    await shoot(page, `light-${accent}`)
  }
  await look(page, 'dark', 'purple', 'compact')
  await shoot(page, 'compact')
})

test('a wall display, calm and in trouble', async ({ page }) => {
  await page.goto(`${server.url}/wall`)
  await shoot(page, 'wall-locked')
  await seen(page)
  await page.goto(`${server.url}/wall`)
  await page.waitForTimeout(2_000)
  await shoot(page, 'wall')
  await west.fault('node-off', Object.keys(west.ready.fingerprints).at(-1) ?? '')
  await expect(page.locator('.wall-sentence')).toContainText('offline', { timeout: 120_000 })
  await shoot(page, 'wall-node-off')
})

test('trouble said as it happens', async ({ page }) => {
  await signIn(page, server.url, '/c/office')
  await expect(live(page)).toHaveText('Live')
  await west.fault('node-off', Object.keys(west.ready.fingerprints)[1] ?? '')
  await expect(page.locator('[data-sonner-toast]').first()).toBeVisible({ timeout: 60_000 })
  await shoot(page, 'toasts')
})

test('the server gone', async ({ page }) => {
  await seen(page)
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await server.kill()
  await page.goto(`${server.url}/c/home`)
  await shoot(page, 'cannot-be-reached')
})

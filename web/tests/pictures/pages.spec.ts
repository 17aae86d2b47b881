import { expect, test } from '@playwright/test'
import { live, signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'
import { shoot } from './shoot.ts'

test.describe.configure({ mode: 'serial', timeout: 300_000 })

let lab: Simulator
let server: Server
let nodes: string[]

test.beforeAll(async () => {
  lab = await Simulator.start('--scenario', 'homelab')
  server = await Server.start([{ key: 'home', name: 'Home lab', simulator: lab }])
  nodes = Object.keys(lab.ready.fingerprints)
})

test.afterAll(async () => {
  await server?.stop()
  await lab?.stop()
})

test('sign-in', async ({ page }) => {
  await page.goto(server.url)
  await page.getByLabel('User').fill('admin')
  await shoot(page, 'sign-in')
  await page.getByLabel('Password').fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await shoot(page, 'sign-in-refused')
})

test('a healthy lab', async ({ page }) => {
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live')
  await page.waitForTimeout(25_000)
  await shoot(page, 'overview')
  await shoot(page, 'panel-nodes', 'Nodes')
  await shoot(page, 'panel-guests', 'Guests')
  await shoot(page, 'panel-storage', 'Storage')
  await page.getByRole('button', { name: 'More about' }).first().click()
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByRole('button', { name: /Own load/ }).click()
  await shoot(page, 'overview-opened')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /Signed in as/ }).click()
  await page.getByRole('radio', { name: 'ops' }).check({ force: true })
  await page.getByRole('radio', { name: 'cyan' }).check({ force: true })
  await shoot(page, 'look-ops-cyan')
  await page.getByRole('radio', { name: 'minimal' }).check({ force: true })
  await shoot(page, 'look-minimal')
})

test('detail pages and the feed', async ({ page }) => {
  await signIn(page, server.url, `/c/home/node/${nodes[0]}`)
  await page.waitForTimeout(1_500)
  await shoot(page, 'node')
  const { guests } = await server.api<{ guests: { vmid: number; status: string }[] }>('/api/cluster')
  const running = guests.find((guest) => guest.status === 'running')?.vmid ?? 100
  const stopped = guests.find((guest) => guest.status === 'stopped')?.vmid ?? 100
  await page.goto(`${server.url}/c/home/guest/${running}`)
  await page.waitForTimeout(1_500)
  await shoot(page, 'guest')
  await page.goto(`${server.url}/c/home/guest/${stopped}`)
  await shoot(page, 'guest-stopped')
  await page.goto(`${server.url}/c/home/feed`)
  await shoot(page, 'feed')
  await page.getByRole('radio', { name: 'Critical only' }).check({ force: true })
  await shoot(page, 'feed-nothing')
  await page.goto(`${server.url}/c/nowhere`)
  await shoot(page, 'no-such-cluster')
})

test('a node off, then blind, then cut off', async ({ page }) => {
  await signIn(page, server.url)
  const last = nodes.at(-1) ?? ''
  const fault = await lab.fault('node-off', last)
  await expect(page.getByTestId('health')).toContainText(/offline/, { timeout: 30_000 })
  await page.waitForTimeout(11_000)
  await shoot(page, 'node-off')
  await page.goto(`${server.url}/c/home/node/${last}`)
  await shoot(page, 'node-off-detail')
  await lab.heal(fault)
  await page.goto(server.url)
  await lab.fault('errors', '*', { status: '596' })
  await expect(live(page)).toHaveText('Blind', { timeout: 90_000 })
  await shoot(page, 'blind')
  await server.kill()
  await expect(live(page)).toHaveText('Reconnecting')
  await shoot(page, 'reconnecting')
})

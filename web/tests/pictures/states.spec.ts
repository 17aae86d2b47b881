import { expect, type Page, test } from '@playwright/test'
import { ask } from '../support/proxmox.ts'
import { live, signIn } from '../support/screen.ts'
import { admin, Server, Simulator } from '../support/stack.ts'
import { shoot } from './shoot.ts'

test.describe.configure({ timeout: 300_000 })

/** As `signIn`, but left at the checks. */
async function enter(page: Page, server: Server): Promise<void> {
  await page.goto(server.url)
  await page.getByLabel('User').fill(admin.user)
  await page.getByLabel('Password').fill(admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('list', { name: 'Checks' })).toBeVisible()
}

test('the checks before the screen, when all is well', async ({ page }) => {
  const lab = await Simulator.start('--scenario', 'three-nodes')
  const server = await Server.start([{ key: 'lab', name: 'Lab', simulator: lab }])
  // The moment that they stay once all is well is too short for a camera.
  await page.addInitScript(() => {
    const real = window.setTimeout
    const stretched = (work: TimerHandler, time?: number, ...rest: unknown[]) =>
      real(work, time === 450 ? 60_000 : time, ...rest)
    window.setTimeout = stretched as typeof window.setTimeout
  })
  await enter(page, server)
  await expect(page.locator('.boot-checks [data-state="running"]')).toHaveCount(0)
  await shoot(page, 'boot')
  await server.stop()
  await lab.stop()
})

test('the checks before the screen, in trouble; then without memory', async ({ page }) => {
  const lab = await Simulator.start('--scenario', 'three-nodes')
  const server = await Server.start([{ key: 'lab', name: 'Lab', simulator: lab }])
  // Before the start, so that nothing was ever read.
  await lab.fault('errors', '*', { status: '596' })
  await server.spoil()
  await enter(page, server)
  await expect(page.getByRole('button', { name: 'Continue anyway' })).toBeVisible()
  await expect(page.locator('.boot-checks [data-state="running"]')).toHaveCount(0, { timeout: 60_000 })
  await shoot(page, 'boot-trouble')
  await page.getByRole('button', { name: 'Continue anyway' }).click()
  await expect(page.getByText('No memory.', { exact: true })).toBeVisible()
  await expect(live(page)).toHaveText('Blind', { timeout: 90_000 })
  await shoot(page, 'emergency-blind')
  await page.goto(`${server.url}/c/lab/feed`)
  await page.waitForTimeout(1_500)
  await shoot(page, 'emergency-feed')
  await server.stop()
  await lab.stop()
})

test('without memory, the cluster well', async ({ page }) => {
  const lab = await Simulator.start('--scenario', 'three-nodes')
  const server = await Server.start([{ key: 'lab', name: 'Lab', simulator: lab }])
  await server.spoil()
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live')
  await shoot(page, 'emergency')
  await server.stop()
  await lab.stop()
})

test('no cluster at all', async ({ page }) => {
  const server = await Server.start([], { Jarvis__Setup__Offer: 'false' })
  await signIn(page, server.url)
  await expect(page.getByText('Nothing is being watched').first()).toBeVisible()
  await shoot(page, 'no-cluster')
  await page.goto(`${server.url}/settings/clusters`)
  await expect(page.getByRole('button', { name: 'Start a demo' })).toBeVisible()
  await shoot(page, 'settings-clusters-none')
  await page.goto(`${server.url}/wall`)
  await shoot(page, 'wall-nothing')
  await server.stop()
})

test('silence on the line', async ({ page }) => {
  const lab = await Simulator.start('--scenario', 'three-nodes')
  const server = await Server.start([{ key: 'lab', name: 'Lab', simulator: lab }])
  let silent = false
  await page.routeWebSocket(/hubs/, (socket) => {
    const beyond = socket.connectToServer()
    socket.onMessage((message) => beyond.send(message))
    // A keep-alive is short; what says something is not.
    beyond.onMessage((message) => (silent && message.length > 40 ? undefined : socket.send(message)))
  })
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live')
  silent = true
  await expect(live(page)).toHaveText('Stale', { timeout: 90_000 })
  await shoot(page, 'stale')
  await server.stop()
  await lab.stop()
})

test('a server that does not answer the first question', async ({ page }) => {
  const server = await Server.start([], { Jarvis__Setup__Offer: 'false' })
  await page.route('**/api/auth/**', (route) => route.abort())
  await page.goto(server.url)
  await expect(page.getByText('The server does not answer')).toBeVisible()
  await shoot(page, 'does-not-answer')
  await server.stop()
})

test('storage full, a failed backup, a guest that crashed', async ({ page }) => {
  const lab = await Simulator.start('--scenario', 'homelab')
  const server = await Server.start([{ key: 'home', name: 'Home lab', simulator: lab }])
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live')
  const { guests, storages } = await server.api<{
    guests: { vmid: number; node: string; status: string; haState: string | null }[]
    storages: { name: string; node: string | null; shared: boolean; content: string[] }[]
  }>('/api/cluster')
  const running = guests.filter(({ status, haState }) => status === 'running' && !haState)
  await lab.fault('guest-crash', String(running[0]?.vmid))
  await lab.fault('guest-crash', String(running[1]?.vmid))
  const storage = storages.find(({ shared }) => shared) ?? storages[0]
  await lab.fault('storage-offline', storage?.name ?? '')
  const saved = running[2]
  const target = storages.find(({ name, content }) => content.includes('backup') && name !== storage?.name)
  await lab.fault('backup-fail', String(saved?.vmid))
  await ask(lab, 'POST', `/nodes/${saved?.node}/vzdump`, {
    vmid: String(saved?.vmid),
    storage: target?.name ?? '',
    mode: 'snapshot',
  })
  await page.waitForTimeout(35_000)
  await shoot(page, 'trouble')
  await shoot(page, 'trouble-storage', 'Storage')
  await page.goto(`${server.url}/c/home/feed`)
  await expect(page.getByRole('list', { name: 'Events, newest first' })).toBeVisible()
  await shoot(page, 'trouble-feed')
  await page.goto(`${server.url}/c/home/storage/${storage?.shared ? '-' : storage?.node}/${storage?.name}`)
  await page.waitForTimeout(1_500)
  await shoot(page, 'storage-offline')
  await page.goto(`${server.url}/c/home/guest/${running[0]?.vmid}`)
  await page.waitForTimeout(1_500)
  await shoot(page, 'guest-crashed')
  await server.stop()
  await lab.stop()
})

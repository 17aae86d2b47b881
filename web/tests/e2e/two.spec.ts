import { expect, type Page, test } from '@playwright/test'
import { ask, resources } from '../support/proxmox.ts'
import { live, shownGuests, signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'

let east: Simulator
let west: Simulator
let server: Server

test.beforeAll(async () => {
  east = await Simulator.start('--scenario', 'three-nodes', '--seed', '1')
  west = await Simulator.start('--scenario', 'three-nodes', '--seed', '2')
  server = await Server.start([
    { key: 'east', name: 'East', simulator: east },
    { key: 'west', name: 'West', simulator: west },
  ])
})

test.afterAll(async () => {
  await server?.stop()
  await east?.stop()
  await west?.stop()
})

const states = async (page: Page) =>
  [...(await shownGuests(page)).values()].map(({ vmid, state }) => `${vmid} ${state}`)
const go = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Clusters' }).getByRole('link', { name }).click()

test('what one cluster’s guest and storage have is on the pages of that cluster alone', async ({ page }) => {
  const rows = await resources(west)
  const guest = rows.find((row) => row.type === 'qemu' && row.template !== 1 && row.status === 'running')
  const [node] = Object.keys(west.ready.fingerprints)
  if (!guest || !node) throw new Error('the cluster has no running VM')
  const api = `/nodes/${guest.node}/qemu/${guest.vmid}`
  await ask(west, 'PUT', `${api}/config`, { cores: '7' })
  await ask(west, 'POST', `${api}/snapshot`, { snapname: 'west-only' })
  const offline = await west.fault('storage-offline', 'local', { node })
  const at = (cluster: string, path: string) => page.goto(`${server.url}/c/${cluster}${path}`)

  await signIn(page, server.url, `/c/west/guest/${guest.vmid}/snapshots`)
  const snapshots = page.getByRole('region', { name: 'Snapshots' })
  await expect(async () => {
    await page.reload()
    await expect(snapshots).toContainText('west-only', { timeout: 2_000 })
  }).toPass()
  await at('east', `/guest/${guest.vmid}/snapshots`)
  await expect(snapshots.getByText('No snapshots')).toBeVisible()

  const tasks = page.getByRole('region', { name: 'Its tasks' })
  await at('west', `/guest/${guest.vmid}/tasks`)
  await expect(tasks).toContainText(/snapshot/i)
  await at('east', `/guest/${guest.vmid}/tasks`)
  await expect(page.locator('.detail h1')).toHaveText(guest.name ?? '')
  await expect(tasks).not.toContainText(/snapshot/i)

  const config = page.locator('.detail')
  await at('west', `/guest/${guest.vmid}/config`)
  await expect(config).toContainText(/cores\s*7/i)
  await at('east', `/guest/${guest.vmid}/config`)
  await expect(config).toContainText(/cores\s*\d/i)
  await expect(config).not.toContainText(/cores\s*7/i)

  await at('west', `/storage/${node}/local`)
  await expect(page.locator('.detail-state')).toHaveText('unknown', { timeout: 40_000 })
  await at('east', `/storage/${node}/local`)
  await expect(page.locator('.detail-state')).toHaveText('available')
  await west.heal(offline)
})

test('two clusters that share names and ids are never mixed', async ({ page }) => {
  await signIn(page, server.url, '/c/east')
  await expect(live(page)).toHaveText('Live')
  const nodes = Object.keys(east.ready.fingerprints)
  expect(Object.keys(west.ready.fingerprints)).toEqual(nodes)
  const node = nodes.at(-1) ?? ''
  const guest = (await resources(west)).find(
    (row) => row.type !== 'node' && row.status === 'running' && !row.hastate && row.node !== node && row.vmid,
  )
  const before = await states(page)

  await west.fault('node-off', node)
  await west.fault('guest-crash', String(guest?.vmid))
  await go(page, 'West')
  await expect(page).toHaveURL(/\/c\/west$/)
  await expect(page.getByRole('link', { name: `${node}, offline` })).toBeVisible({ timeout: 30_000 })
  await expect(page.getByTestId('health')).toContainText('offline')
  await expect.poll(() => states(page), { timeout: 30_000 }).toContain(`${guest?.vmid} stopped`)

  const tab = (name: string) => page.getByRole('navigation', { name: 'Clusters' }).getByRole('link', { name })
  await expect(tab('West').getByRole('img', { name: 'critical' })).toBeVisible()
  await expect(tab('East').getByRole('img', { name: 'Live' })).toBeVisible()
  await go(page, 'East')
  await expect(page.getByRole('link', { name: `${node}, online` })).toBeVisible()
  expect(await states(page)).toEqual(before)
  await expect(page.getByTestId('health')).not.toContainText(`${node} is offline`)

  await page.goto(`${server.url}/c/west/node/${node}`)
  await expect(page.locator('.detail-state')).toHaveText('offline')
  await page.goto(`${server.url}/c/east/node/${node}`)
  await expect(page.locator('.detail-state')).toHaveText('online')
  await page.goto(`${server.url}/c/east/feed`)
  await expect(page.getByRole('list', { name: 'Events, newest first' })).toBeVisible()
  await expect(page.locator('.feed .event', { hasText: 'offline' })).toHaveCount(0)
})

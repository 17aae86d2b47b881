import { expect, type Page, test } from '@playwright/test'
import { resources } from '../support/proxmox.ts'
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

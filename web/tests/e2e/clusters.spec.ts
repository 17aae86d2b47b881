import { expect, type Page, test } from '@playwright/test'
import { connectCluster, press } from '../support/connect.ts'
import { ask, resources } from '../support/proxmox.ts'
import { complaints, live, shownGuests, signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'

test.describe.configure({ mode: 'serial' })

let east: Simulator
let west: Simulator
let server: Server

test.beforeAll(async () => {
  east = await Simulator.start('--scenario', 'three-nodes', '--seed', '1')
  west = await Simulator.start('--scenario', 'three-nodes', '--seed', '2')
  server = await Server.start([], { Jarvis__Setup__Offer: 'false' })
})

test.afterAll(async () => {
  await server?.stop()
  await east?.stop()
  await west?.stop()
})

const NAME = 'only-in-the-west'
const found = (page: Page) => page.getByRole('listbox', { name: 'Found' }).getByRole('option')

async function seek(page: Page, words: string) {
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Go to or do' })).toBeFocused()
  await page.keyboard.type(words)
}

async function same(page: Page, simulator: Simulator) {
  const truth = (await resources(simulator)).filter(({ type }) => type === 'qemu' || type === 'lxc')
  await expect(async () => {
    const shown = [...(await shownGuests(page)).values()]
    expect(shown.map(({ vmid, state }) => `${vmid} ${state}`).sort()).toEqual(
      truth.map(({ vmid, template, status }) => `${vmid} ${template === 1 ? 'template' : status}`).sort(),
    )
    for (const { vmid, name } of truth)
      expect(shown.find((row) => row.vmid === String(vmid))?.text).toContain(name)
  }).toPass({ timeout: 40_000 })
}

test('two clusters of the same names and numbers are added in the settings and never mixed', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const wrong = complaints(page)
  await signIn(page, server.url, '/settings/clusters')
  await expect(live(page)).toHaveText('Nothing watched')
  await connectCluster(page, east, 'East')
  await connectCluster(page, west, 'West')
  expect(Object.keys(east.ready.fingerprints)).toEqual(Object.keys(west.ready.fingerprints))

  const both = (await resources(west)).filter((row) => row.type === 'qemu' && row.template !== 1)
  const [renamed] = both
  const crashed = both.find((row) => row !== renamed && row.status === 'running' && !row.hastate)
  if (!renamed || !crashed) throw new Error('the cluster has too few guests')
  await ask(west, 'PUT', `/nodes/${renamed.node}/qemu/${renamed.vmid}/config`, { name: NAME })
  await west.fault('guest-crash', String(crashed.vmid))

  await page.goto(`${server.url}/c/west`)
  await expect(page.getByRole('listbox', { name: 'Guests' })).toContainText(NAME, { timeout: 40_000 })
  await same(page, west)
  await page.goto(`${server.url}/c/east`)
  await same(page, east)
  await expect(page.getByRole('listbox', { name: 'Guests' })).not.toContainText(NAME)

  await page.goto(`${server.url}/c/west/guest/${renamed.vmid}`)
  await expect(page.locator('.detail h1')).toHaveText(NAME)
  await expect(page).toHaveTitle(`${NAME} · West · Jarvis`)
  await page.goto(`${server.url}/c/east/guest/${renamed.vmid}`)
  await expect(page.locator('.detail h1')).toHaveText(renamed.name ?? '')
  await expect(page).toHaveTitle(`${renamed.name} · East · Jarvis`)

  await seek(page, String(crashed.vmid))
  await expect(found(page).filter({ hasText: `${crashed.vmid} · ${crashed.node} · East` })).toHaveCount(1)
  await expect(found(page).filter({ hasText: `${crashed.vmid} · ${crashed.node} · West` })).toHaveCount(1)
  await found(page)
    .filter({ hasText: `${crashed.vmid} · ${crashed.node} · West` })
    .click()
  await expect(page).toHaveURL(`${server.url}/c/west/guest/${crashed.vmid}`)
  await expect(page.locator('.detail-state')).toHaveText('stopped')
  await page.goto(`${server.url}/c/east/guest/${crashed.vmid}`)
  await expect(page.locator('.detail-state')).toHaveText('running')

  const told = page.locator('.feed .event', { hasText: crashed.name ?? '' }).filter({ hasText: /stopped/ })
  await page.goto(`${server.url}/c/west/feed`)
  await expect(told.first()).toBeVisible()
  await page.goto(`${server.url}/c/east/feed`)
  await expect(page.getByRole('heading', { name: 'Events', exact: true })).toBeVisible()
  await expect(page.locator('.feed [aria-busy="true"]')).toHaveCount(0)
  await expect(told).toHaveCount(0)
  expect(wrong).toEqual([])
})

test('a cluster is paused, resumed and removed before the eyes of another screen', async ({
  page,
  browser,
}) => {
  await signIn(page, server.url, '/settings/clusters')
  const others = await browser.newContext()
  const [onWest, onEast] = [await others.newPage(), await others.newPage()]
  const wrong = [page, onWest, onEast].map(complaints)
  await signIn(onWest, server.url, '/c/west')
  await onEast.goto(`${server.url}/c/east`)
  await expect(live(onWest)).toHaveText('Live')
  await expect(live(onEast)).toHaveText('Live')

  await press(page, 'Pause West')
  await expect(live(onWest)).toHaveText('Paused')
  await expect(onWest.locator('.banner').filter({ hasText: 'Paused' })).toBeVisible()
  await expect(live(onEast)).toHaveText('Live')
  await press(page, 'Resume West')
  await expect(live(onWest)).toHaveText('Live')

  await press(page, 'Remove West')
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByRole('list', { name: 'Clusters' })).not.toContainText('West')
  await expect(onWest.getByText('No such cluster')).toBeVisible()
  await expect(live(onEast)).toHaveText('Live')
  await expect(onEast.getByRole('navigation', { name: 'Clusters' })).toHaveCount(0)
  await onWest.reload()
  await expect(onWest.getByText('No such cluster')).toBeVisible()
  await expect(live(onWest)).toHaveText('Nothing watched')
  await expect(onWest.locator('.loading, .panel')).toHaveCount(0)
  await onWest.getByRole('link', { name: 'To the first cluster' }).click()
  await expect(onWest).toHaveURL(`${server.url}/c/east`)
  await same(onWest, east)
  expect(wrong).toEqual([[], [], []])
  await others.close()
})

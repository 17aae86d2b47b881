import { expect, test } from '@playwright/test'
import { resources } from '../support/proxmox.ts'
import { check, complaints, live, shownGuests, signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'

const CADENCE = 10_000

const gib = (bytes: number) =>
  bytes / 2 ** 30 >= 100 ? Math.round(bytes / 2 ** 30) : (bytes / 2 ** 30).toFixed(1)

test.describe.configure({ mode: 'serial' })

let lab: Simulator
let server: Server

test.beforeAll(async () => {
  lab = await Simulator.start('--scenario', 'homelab')
  server = await Server.start([{ key: 'home', name: 'Home lab', simulator: lab }])
})

test.afterAll(async () => {
  await server?.stop()
  await lab?.stop()
})

test('the nodes and guests on screen are those of the cluster, with its numbers', async ({ page }) => {
  const found = complaints(page)
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live')
  const truth = await resources(lab)
  const nodes = truth.filter((row) => row.type === 'node')
  const guests = truth.filter((row) => row.type === 'qemu' || row.type === 'lxc')
  expect(nodes).toHaveLength(3)
  expect(guests.length).toBeGreaterThan(15)

  const cards = page.getByRole('region', { name: 'Nodes' }).getByRole('listitem')
  await expect(cards).toHaveCount(nodes.length)
  for (const node of nodes) {
    const card = cards.filter({ has: page.getByRole('link', { name: `${node.node}, online` }) })
    await card.getByRole('button').click()
    await expect(card.getByText(`of ${gib(node.maxmem ?? 0)} GiB`).first()).toBeVisible()
    await expect(card.locator('dt:has-text("Cores") + dd')).toHaveText(String(node.maxcpu))
    await card.getByRole('button').click()
  }

  const shown = await shownGuests(page)
  expect([...shown.keys()].sort((a, b) => a - b)).toEqual(
    guests.map((guest) => guest.vmid).sort((a, b) => (a ?? 0) - (b ?? 0)),
  )
  for (const guest of guests) {
    const row = shown.get(guest.vmid ?? 0)
    expect(row?.state, guest.name).toBe(guest.template === 1 ? 'template' : guest.status)
    expect(row?.text).toContain(guest.name)
    expect(row?.text).toContain(`${guest.vmid} · ${guest.node} · ${guest.type === 'qemu' ? 'VM' : 'CT'}`)
  }

  const running = guests.filter((guest) => guest.status === 'running').length
  await expect(page.locator('.stat', { hasText: 'Guests' }).locator('b')).toHaveText(String(running))
  const api = await server.api<{ nodes: unknown[]; guests: { vmid: number; memory: number | null }[] }>(
    '/api/cluster',
  )
  expect(api.nodes).toHaveLength(nodes.length)
  expect(api.guests.map((guest) => guest.vmid).sort()).toEqual(guests.map((guest) => guest.vmid).sort())
  expect(found).toEqual([])
})

test('search, filter, sort and the keyboard find a guest', async ({ page }) => {
  await signIn(page, server.url)
  const list = page.getByRole('listbox', { name: 'Guests' })
  const first = (await resources(lab)).find((row) => row.type === 'lxc' && row.status === 'running')
  if (!first?.name) throw new Error('the lab has no running container')
  await page.getByLabel('Search guests').fill(first.name)
  await expect(list.locator('.guest').first()).toContainText(first.name)
  await page.getByLabel('Search guests').fill('')
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByLabel('State').selectOption('stopped')
  await expect(list.locator('.guest[data-state="running"]')).toHaveCount(0)
  await page.getByLabel('State').selectOption('')
  await page.getByLabel('Sort by').selectOption('vmid')
  await list.focus()
  await page.keyboard.press('End')
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/c\/home\/guest\/\d+$/)
  await page.reload()
  await expect(page.locator('.detail h1')).toBeVisible()
  await page.goBack()
  await expect(page.getByTestId('health')).toBeVisible()
})

test('a node that goes off is offline on screen within a cadence and 4 s', async ({ page }) => {
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live')
  const node = Object.keys(lab.ready.fingerprints).at(-1) ?? ''
  await expect(page.getByRole('link', { name: `${node}, online` })).toBeVisible()
  const off = Date.now()
  const fault = await lab.fault('node-off', node)
  await expect(page.getByRole('link', { name: `${node}, offline` })).toBeVisible({ timeout: 60_000 })
  const took = Date.now() - off
  await expect(page.getByTestId('health')).toContainText(`${node} is offline`, { ignoreCase: true })
  await lab.heal(fault)
  expect(took).toBeLessThanOrEqual(CADENCE + 4_000)
})

test('a killed server is told as reconnecting, and the page goes on without a reload', async ({ page }) => {
  const found = complaints(page)
  await signIn(page, server.url, '/c/home/feed')
  await expect(live(page)).toHaveText('Live')
  await page.evaluate(() => {
    document.body.dataset.mark = 'same page'
  })
  await server.kill()
  await expect(live(page)).toHaveText('Reconnecting')
  await expect(page.getByText('Reconnecting to Jarvis.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Nodes' }).getByRole('listitem')).toHaveCount(3)
  await server.run()
  await expect(live(page)).toHaveText('Live', { timeout: 30_000 })
  expect(await page.evaluate(() => document.body.dataset.mark)).toBe('same page')
  await expect(page).toHaveURL(/\/c\/home\/feed$/)
  expect(found).toEqual([])
})

test('when Proxmox cannot be read the screen says blind and never that all is well', async ({ page }) => {
  await signIn(page, server.url)
  const fault = await lab.fault('errors', '*', { status: '500' })
  await expect(live(page)).toHaveText('Blind', { timeout: 90_000 })
  await expect(page.getByTestId('health')).not.toContainText('quiet')
  await check(page, 'blind')
  await expect(page.getByText(/Blind since \d\d:\d\d/)).toBeVisible()
  await lab.heal(fault)
  await expect(live(page)).toHaveText('Live', { timeout: 60_000 })
})

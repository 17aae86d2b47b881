import { expect, type Page, test } from '@playwright/test'
import { ask, resources } from '../support/proxmox.ts'
import { live, signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'
import { shoot } from './shoot.ts'

test.describe.configure({ mode: 'serial', timeout: 300_000 })

let lab: Simulator
let server: Server
let guests: number[]
let nodes: string[]

test.beforeAll(async () => {
  lab = await Simulator.start('--scenario', 'homelab')
  server = await Server.start([{ key: 'home', name: 'Home lab', simulator: lab }])
  nodes = Object.keys(lab.ready.fingerprints)
  guests = (await resources(lab))
    .filter(({ status, vmid, template }) => vmid && !template && status === 'running')
    .map(({ vmid }) => vmid ?? 0)
})

test.afterAll(async () => {
  await server?.stop()
  await lab?.stop()
})

const settled = (page: Page) => expect(page.locator('.centre .loading')).toHaveCount(0)
/** What may be asked of Proxmox within a minute was used up by the pictures before. */
const rest = (page: Page) => page.waitForTimeout(61_000)
const go = async (page: Page, path: string) => {
  await page.goto(`${server.url}/c/home${path}`)
  await expect(live(page)).toHaveText('Live')
}

test('each part of a guest', async ({ page }) => {
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live')
  const vmid = guests[0]
  for (const tab of ['config', 'snapshots', 'backups', 'tasks']) {
    await go(page, `/guest/${vmid}/${tab}`)
    await settled(page)
    await shoot(page, `guest-${tab}`)
  }
  await page.locator('.task-list summary').first().click()
  await page.waitForTimeout(1_500)
  await shoot(page, 'guest-task-log')
})

test('what has no snapshots, no backups and no tasks', async ({ page }) => {
  await signIn(page, server.url)
  for (const vmid of guests) {
    await go(page, `/guest/${vmid}/snapshots`)
    await settled(page)
    if (!(await page.getByText('No snapshots').isVisible())) continue
    await shoot(page, 'guest-snapshots-none')
    break
  }
  const saved = new Set<number>()
  for (const { type, node, storage } of await resources(lab)) {
    if (type !== 'storage') continue
    const content = await ask<{ vmid?: number; content: string }[]>(
      lab,
      'GET',
      `/nodes/${node}/storage/${storage}/content`,
    )
    for (const each of content) if (each.content === 'backup' && each.vmid) saved.add(each.vmid)
  }
  const unsaved = guests.find((vmid) => !saved.has(vmid))
  expect(unsaved, 'a running guest without a backup').toBeDefined()
  await rest(page)
  await go(page, `/guest/${unsaved}/backups`)
  await expect(page.getByText('No backups', { exact: true })).toBeVisible()
  await shoot(page, 'guest-backups-none')
})

test('storage, shared and local', async ({ page }) => {
  await rest(page)
  await signIn(page, server.url)
  const { storages } = await server.api<{
    storages: { name: string; node: string | null; shared: boolean }[]
  }>('/api/cluster')
  const shared = storages.find((storage) => storage.shared)
  const local = storages.find((storage) => !storage.shared && storage.name !== 'local')
  if (shared) {
    await go(page, `/storage/-/${shared.name}`)
    await settled(page)
    await shoot(page, 'storage-shared')
    await rest(page)
  }
  await go(page, `/storage/${local?.node}/${local?.name}`)
  await settled(page)
  await shoot(page, 'storage')
  for (const range of ['day', 'year']) {
    await rest(page)
    await page.getByRole('radio', { name: range }).check({ force: true })
    await page.waitForTimeout(1_500)
    await shoot(page, `storage-${range}`)
  }
})

test('ranges of a node, and what is not there', async ({ page }) => {
  await rest(page)
  await signIn(page, server.url)
  await go(page, `/node/${nodes[0]}`)
  for (const range of ['day', 'month', 'year']) {
    await page.getByRole('radio', { name: range }).check({ force: true })
    await page.waitForTimeout(1_500)
    await shoot(page, `node-${range}`)
  }
  await go(page, '/node/nowhere')
  await shoot(page, 'no-such-node')
  await go(page, '/guest/9999')
  await shoot(page, 'no-such-guest')
  await go(page, '/storage/-/nowhere')
  await shoot(page, 'no-such-storage')
  await go(page, '/some/where')
  await shoot(page, 'no-such-page')
})

test('awaited, failed and forbidden', async ({ page }) => {
  await rest(page)
  await signIn(page, server.url)
  const [first, second, third] = guests.slice(1)
  const at = async (vmid: number | undefined, kind: string, params: Record<string, string>) => {
    const { node, type } =
      (await resources(lab)).find((row) => row.vmid === vmid && row.type !== 'storage') ?? {}
    return lab.fault(kind, '*', { ...params, path: `/nodes/${node}/${type}/${vmid}/` })
  }
  const slow = await at(first, 'slow', { seconds: '20' })
  await go(page, `/guest/${first}/config`)
  await shoot(page, 'guest-config-loading')
  await lab.heal(slow)
  await at(second, 'errors', { status: '500' })
  await go(page, `/guest/${second}/snapshots`)
  await settled(page)
  await shoot(page, 'guest-snapshots-failed')
  await at(third, 'errors', { status: '403' })
  await go(page, `/guest/${third}/config`)
  await settled(page)
  await shoot(page, 'guest-config-forbidden')
})

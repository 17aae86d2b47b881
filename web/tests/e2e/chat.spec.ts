import { expect, test } from '@playwright/test'
import { resources } from '../support/proxmox.ts'
import { check, signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'

let lab: Simulator
let server: Server

test.beforeAll(async () => {
  lab = await Simulator.start('--scenario', 'three-nodes')
  server = await Server.start([{ key: 'lab', name: 'Lab', simulator: lab }])
})

test.afterAll(async () => {
  await server?.stop()
  await lab?.stop()
})

const statuses = async () =>
  Object.fromEntries(
    (await resources(lab)).flatMap(({ vmid, status }) => (vmid === undefined ? [] : [[vmid, status]])),
  )

test('a newcomer asks, has something started, and is shown the plan of what does harm', async ({ page }) => {
  const before = await statuses()
  await signIn(page, server.url, '/chat')
  const log = page.getByRole('log')
  const message = page.getByLabel('Message')
  await page.getByRole('button', { name: 'Is everything all right?' }).click()
  await expect(log).toContainText('built-in')
  await expect(log).toContainText('Lab')
  await check(page, 'a conversation')

  await message.fill('can I start vm 105?')
  await message.press('Enter')
  await expect(log).toContainText('You asked, so I did nothing.')
  expect(await statuses()).toEqual(before)
  await message.fill('yes')
  await message.press('Enter')
  await expect.poll(statuses, { timeout: 20_000 }).toEqual({ ...before, 105: 'running' })
  await expect(log).toContainText('Done: start')

  await message.fill('please shut down vm 104')
  await message.press('Enter')
  await expect(log.getByRole('link', { name: 'The plan' })).toBeVisible()
  expect(await statuses()).toEqual({ ...before, 105: 'running' })
  const address = page.url()
  await page.reload()
  await expect(log).toContainText('That needs your approval', { timeout: 30_000 })
  expect(page.url()).toBe(address)
  await log.getByRole('button', { name: 'Decide' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
  await expect.poll(statuses, { timeout: 30_000 }).toEqual({ ...before, 104: 'stopped', 105: 'running' })
  await expect(log).toContainText('approved it. Done')
})

test('what is asked before the connection stands is sent once it does', async ({ page }) => {
  let open = () => {}
  const held = new Promise<void>((resolve) => {
    open = resolve
  })
  await page.route('**/hubs/chat/negotiate*', async (route) => {
    await held
    await route.continue()
  })
  await signIn(page, server.url, '/chat')
  await page.getByLabel('Message').fill('is vm 104 running?')
  await page.getByLabel('Message').press('Enter')
  await expect(page.getByRole('button', { name: 'Sending…' })).toBeVisible()
  open()
  await expect(page.getByRole('log')).toContainText('built-in')
  await expect(page.getByLabel('Message')).toHaveValue('')
})

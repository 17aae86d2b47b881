import { expect, type Page, test } from '@playwright/test'
import { live, signIn } from '../support/screen.ts'
import { send } from '../support/send.ts'
import { admin, Server, Simulator } from '../support/stack.ts'
import { shoot } from './shoot.ts'

test.describe.configure({ mode: 'serial', timeout: 120_000 })

let lab: Simulator
let server: Server

test.beforeAll(async () => {
  lab = await Simulator.start('--scenario', 'homelab')
  server = await Server.start([{ key: 'home', name: 'Home lab', simulator: lab }])
  await send(server, 'PUT', '/api/keyword', { password: admin.password, keyword: 'swordfish' })
})

test.afterAll(async () => {
  await server?.stop()
  await lab?.stop()
})

const dialog = (page: Page) => page.getByRole('dialog')
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const open = async (page: Page, path: string) => {
  await signIn(page, server.url, path)
  await expect(live(page)).toHaveText('Live')
}

test('plans of what does harm', async ({ page }) => {
  await open(page, '/c/home/guest/108')
  await page.getByText('More', { exact: true }).click()
  await shoot(page, 'guest-more')
  await page.getByText('More', { exact: true }).click()
  await press(page, 'Stop')
  await expect(dialog(page)).toContainText('stopped hard')
  await shoot(page, 'plan-red')
  await page.keyboard.press('Escape')
  await page.goto(`${server.url}/c/home/node/hermes`)
  await press(page, 'Shut down')
  await expect(dialog(page)).toContainText('Shut')
  await shoot(page, 'plan-many')
  await page.keyboard.press('Escape')
  await press(page, 'Restart the node')
  await expect(dialog(page)).toContainText('restarts')
  await shoot(page, 'plan-orange')
  await dialog(page).getByRole('button', { name: 'Go on to the keyword' }).click()
  await dialog(page).getByLabel('Approval keyword').fill('wrong')
  await dialog(page).getByRole('button', { name: 'Approve' }).click()
  await expect(dialog(page).getByRole('alert')).toContainText('keyword')
  await shoot(page, 'keyword-wrong')
  await dialog(page).getByRole('button', { name: 'Deny' }).click()
  await shoot(page, 'deny')
})

test('what waits, and what runs', async ({ page }) => {
  const { approval } = await server.api<{ approval: { id: string } }>('/api/tools/execute', {
    tool: 'evacuate_node',
    args: { node: 'pico' },
  })
  await server.api('/api/tools/execute', { tool: 'stop_vm', args: { guest: 124 } })
  await open(page, '/c/home')
  await expect(page.getByRole('region', { name: 'Approvals' })).toContainText('Decide')
  await shoot(page, 'approvals-wait')
  await page.goto(`${server.url}/approvals/${approval.id}`)
  await expect(page.getByRole('button', { name: 'Decide' }).first()).toBeVisible()
  await shoot(page, 'approval')
  await page.goto(`${server.url}/c/home/guest/108/backups`)
  await press(page, 'Back up')
  const toast = page.locator('[data-sonner-toast]').filter({ hasText: 'Back up' })
  await expect(toast).toContainText(/GiB of/, { timeout: 60_000 })
  await shoot(page, 'run-under-way')
  await toast.getByRole('button', { name: 'Cancel' }).click()
  await expect(toast).toContainText('cancelled it')
  await shoot(page, 'run-cancelled')
  await send(server, 'PUT', '/api/monitor/killswitch', { active: true })
  await expect(page.getByText('The kill switch is on.')).toBeVisible()
  await press(page, 'Kill switch, on')
  await shoot(page, 'kill-switch-on')
  await send(server, 'PUT', '/api/monitor/killswitch', { active: false })
})

test('the catalogue and the audit', async ({ page }) => {
  await open(page, '/tools')
  await shoot(page, 'tools')
  await page.goto(`${server.url}/tools/migrate_guest`)
  await page.getByRole('textbox', { name: 'Guest', exact: true }).fill('108')
  await page.getByRole('textbox', { name: 'Target node' }).fill('atlas')
  await press(page, 'Dry run')
  await expect(page.locator('.plan')).toBeVisible()
  await shoot(page, 'tool-dry-run')
  await page.goto(`${server.url}/audit`)
  await press(page, 'Verify the chain')
  await expect(page.getByText(/as (it was|they were) written/)).toBeVisible()
  await shoot(page, 'audit')
})

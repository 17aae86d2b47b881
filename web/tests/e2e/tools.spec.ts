import { readFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import { resources } from '../support/proxmox.ts'
import { check, complaints, signIn } from '../support/screen.ts'
import { admin, Server, Simulator } from '../support/stack.ts'

interface Asked {
  readonly approval: { readonly id: string }
}

let lab: Simulator
let server: Server

test.beforeAll(async () => {
  lab = await Simulator.start('--scenario', 'three-nodes')
  server = await Server.start([{ key: 'lab', name: 'Lab', simulator: lab }])
  await server.api('/api/users', { name: 'onlooker', role: 'viewer', password: admin.password })
})

test.afterAll(async () => {
  await server?.stop()
  await lab?.stop()
})

test('a tool is found, tried without effect, and what was asked stands in the audit, which is whole', async ({
  page,
}) => {
  const found = complaints(page)
  const before = await resources(lab)
  await signIn(page, server.url, '/tools')
  await page.getByRole('searchbox', { name: 'Search tools' }).fill('plug')
  await page.getByRole('link', { name: 'Stop VM' }).click()
  await page.getByRole('textbox', { name: 'Guest', exact: true }).fill('104')
  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(page.getByText('VM 104 (ci) on pve3 is stopped hard.')).toBeVisible()
  await check(page, 'a dry run')
  await page.getByRole('textbox', { name: 'Guest', exact: true }).fill('nobody')
  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await page.goto(`${server.url}/tools/find_resource`)
  await page.getByRole('textbox', { name: 'Query', exact: true }).fill('ci')
  await page.getByRole('button', { name: 'Run' }).click()
  await expect(page.locator('.tool-answer')).toContainText('"104"')

  const { approval } = await server.api<Asked>('/api/tools/execute', {
    tool: 'stop_vm',
    args: { guest: 104 },
  })
  await page.goto(`${server.url}/approvals/${approval.id}`)
  await expect(page.getByRole('button', { name: 'Decide' }).first()).toBeVisible()
  await check(page, 'a call that waits, by its link')
  await server.api(`/api/approvals/${approval.id}/decide`, { decision: 'deny', reason: 'not now' })
  await expect(page.getByText(/It was denied by admin.*not now/)).toBeVisible()

  await page.goto(`${server.url}/audit`)
  await page.getByLabel('Tool', { exact: true }).selectOption('stop_vm')
  await page.getByLabel('Verdict').selectOption('NEEDS_HUMAN')
  await expect(page.getByRole('list', { name: /Rows of the audit/ }).getByRole('listitem')).toHaveCount(1)
  await page.getByRole('button', { name: 'Verify the chain' }).click()
  await expect(page.getByText(/are as they were written/)).toBeVisible()
  await check(page, 'the audit')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export all that fit' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('jarvis-audit.jsonl')
  const exported = (await readFile(await file.path(), 'utf8')).trimEnd().split('\n')
  expect(exported.map((line) => JSON.parse(line))).toMatchObject([
    { tool: 'stop_vm', verdict: 'NEEDS_HUMAN' },
  ])
  expect(await resources(lab)).toHaveLength(before.length)
  expect(found).toEqual([])
})

test('a viewer is offered nothing to do', async ({ page }) => {
  const as = { user: 'onlooker', password: admin.password }
  await signIn(page, server.url, '/tools/stop_vm', as)
  await expect(page.getByText('Your account may only use tools that read.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Try it' })).toHaveCount(0)
  await page.goto(`${server.url}/c/lab/guest/104`)
  await expect(page.getByRole('heading', { name: 'Facts' })).toBeVisible()
  for (const name of ['Stop', 'Shut down', 'Restart'])
    await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0)
  await expect(page.getByRole('button', { name: /Kill switch/ })).toHaveCount(0)
  await expect(page.getByRole('region', { name: 'Approvals' })).toHaveCount(0)
})

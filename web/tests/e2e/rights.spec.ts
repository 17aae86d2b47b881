import { expect, test } from '@playwright/test'
import { powerlessToken } from '../support/proxmox.ts'
import { check, signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'

let lab: Simulator
let server: Server

test.beforeAll(async () => {
  lab = await Simulator.start('--scenario', 'three-nodes')
  const token = await powerlessToken(lab)
  server = await Server.start([{ key: 'lab', name: 'Lab', simulator: lab, token }])
})

test.afterAll(async () => {
  await server?.stop()
  await lab?.stop()
})

test('a token without rights is told as such, with its cure, and never as an empty healthy cluster', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await signIn(page, server.url)
  await expect(page.getByText('Cannot see guests', { exact: true }).first()).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('Cannot see storage', { exact: true })).toBeVisible()
  await expect(
    page
      .getByText(/^Missing: .*VM\.Audit/)
      .or(page.getByText(/VM\.Audit/))
      .first(),
  ).toBeVisible()
  await expect(page.getByTestId('health')).not.toContainText('quiet')
  await expect(page.getByText(/^No (guests|storage|tasks|nodes)$/)).toHaveCount(0)
  await check(page, 'without rights')
  const cure = page.locator('.panel-guests .cure')
  await expect(cure).toContainText('pveum')
  await cure.getByRole('button', { name: 'Copy' }).click()
  await expect(cure.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('pveum')
})

import { expect, test } from '@playwright/test'
import { powerlessToken } from '../support/proxmox.ts'
import { signIn } from '../support/screen.ts'
import { admin, Server, Simulator } from '../support/stack.ts'
import { shoot } from './shoot.ts'

test.describe.configure({ timeout: 300_000 })

test('the set-up', async ({ page }) => {
  const lab = await Simulator.start('--scenario', 'three-nodes')
  const server = await Server.bare()
  const press = (name: string | RegExp) => page.getByRole('button', { name }).click()
  await page.goto(server.link ?? '')
  await page.getByLabel('Password', { exact: true }).fill(admin.password)
  await shoot(page, 'setup-account')
  await press('Make the account')
  await expect(page.getByText('What shall Jarvis watch?')).toBeVisible()
  await shoot(page, 'setup-choice')
  await press(/^Connect a real cluster/)
  await page.getByLabel('Address of any node').fill('127.0.0.1:1')
  await press('Find it')
  await expect(page.getByRole('alert')).toBeVisible()
  await shoot(page, 'setup-unreachable')
  await page.getByLabel('Address of any node').fill(lab.ready.endpoints[0] ?? '')
  await press('Find it')
  await expect(page.getByTestId('fingerprint')).toBeVisible()
  await shoot(page, 'setup-fingerprint')
  await page.getByLabel(/I compared it/).check()
  await press('Trust it')
  await shoot(page, 'setup-token')
  await page.getByLabel('API token').fill(await powerlessToken(lab))
  await press('Test it')
  await expect(page.getByRole('button', { name: 'Test again' })).toBeVisible()
  await shoot(page, 'setup-no-rights')
  await press('Add it as it is')
  await expect(page.getByRole('button', { name: 'To the screen' })).toBeVisible()
  await shoot(page, 'setup-done')
  await server.stop()
  await lab.stop()
})

test('the settings and the parts of a guest and a storage', async ({ page }) => {
  const lab = await Simulator.start('--scenario', 'homelab')
  const server = await Server.start([{ key: 'home', name: 'Home lab', simulator: lab }])
  await signIn(page, server.url, '/settings/account')
  for (const section of ['account', 'users', 'clusters', 'wall', 'appearance', 'about']) {
    await page.goto(`${server.url}/settings/${section}`)
    await page.waitForTimeout(800)
    await shoot(page, `settings-${section}`)
  }
  for (const part of ['config', 'snapshots', 'backups', 'tasks']) {
    await page.goto(`${server.url}/c/home/guest/100/${part}`)
    await page.waitForTimeout(1_500)
    await shoot(page, `guest-${part}`)
  }
  await page.goto(`${server.url}/c/home/storage/-/nas`)
  await page.waitForTimeout(1_500)
  await shoot(page, 'storage')
  await server.stop()
  await lab.stop()
})

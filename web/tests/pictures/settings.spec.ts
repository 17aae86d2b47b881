import { expect, type Page, test } from '@playwright/test'
import { live, signIn } from '../support/screen.ts'
import { send } from '../support/send.ts'
import { admin, Server, Simulator } from '../support/stack.ts'
import { shoot } from './shoot.ts'

test.describe.configure({ mode: 'serial', timeout: 300_000 })

let lab: Simulator
let other: Simulator
let server: Server

test.beforeAll(async () => {
  lab = await Simulator.start('--scenario', 'homelab')
  other = await Simulator.start('--scenario', 'three-nodes')
  server = await Server.start([{ key: 'home', name: 'Home lab', simulator: lab }])
  const [address, [fingerprint]] = [other.ready.endpoints[0], Object.values(other.ready.fingerprints)]
  await send(server, 'POST', '/api/clusters', {
    key: 'office',
    name: 'Office',
    address,
    fingerprint,
    token: other.ready.token,
  })
  await send(server, 'POST', '/api/users', { name: 'nora', role: 'operator', password: 'a long pass phrase' })
  await send(server, 'POST', '/api/users', { name: 'hall', role: 'viewer', password: 'a long pass phrase' })
})

test.afterAll(async () => {
  await server?.stop()
  await Promise.all([lab?.stop(), other?.stop()])
})

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()
const open = async (page: Page, section: string) => {
  await signIn(page, server.url, `/settings/${section}`)
  await expect(live(page)).toHaveText('Live')
}

test('clusters', async ({ page }) => {
  await open(page, 'clusters')
  await expect(page.getByRole('list', { name: 'Clusters' })).toContainText('Office')
  await shoot(page, 'settings-clusters')
  await press(page, 'Edit Office')
  await expect(page.getByLabel('New token')).toBeVisible()
  await shoot(page, 'settings-clusters-edit')
  await page.getByLabel('New token').fill('nonsense')
  await press(page, 'Save')
  await expect(page.getByRole('alert')).toBeVisible()
  await shoot(page, 'settings-clusters-edit-refused')
  await press(page, 'Cancel')
  await press(page, 'Remove Office')
  await shoot(page, 'settings-clusters-remove')
  await press(page, 'Cancel')
  await press(page, 'Connect a cluster')
  await shoot(page, 'settings-clusters-connect')
  await press(page, 'Back')
  await press(page, 'Start a demo')
  await shoot(page, 'settings-clusters-demo')
  await press(page, 'Back')
  await press(page, 'Pause Office')
  await expect(page.getByRole('button', { name: 'Resume Office' })).toBeVisible()
  await shoot(page, 'settings-clusters-paused')
  await page.goto(`${server.url}/c/office`)
  await expect(page.getByText('Paused.', { exact: true })).toBeVisible()
  await shoot(page, 'paused')
  await send(server, 'PATCH', '/api/clusters/office', { paused: false })
})

test('accounts', async ({ page }) => {
  await open(page, 'users')
  await expect(page.getByRole('list', { name: 'Accounts' })).toContainText('nora')
  await shoot(page, 'settings-users')
  await press(page, 'Add an account')
  await page.getByLabel('Name', { exact: true }).fill('nora')
  await page.getByLabel('Password', { exact: true }).fill('a long pass phrase')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByLabel('Name', { exact: true })).toHaveAttribute('aria-invalid', 'true')
  await shoot(page, 'settings-users-add')
  await press(page, 'Cancel')
  await press(page, 'Reset password of nora')
  await shoot(page, 'settings-users-reset')
  await press(page, 'Cancel')
  await press(page, 'Remove nora')
  await shoot(page, 'settings-users-remove')
})

test('the safety gate', async ({ page }) => {
  await open(page, 'safety')
  await expect(page.getByRole('heading', { name: 'Limits' })).toBeVisible()
  await shoot(page, 'settings-safety')
  await press(page, 'Add a rule to protected')
  await page.getByRole('textbox', { name: 'Number' }).fill('7')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('textbox', { name: 'Number' })).toHaveAttribute('aria-invalid', 'true')
  await shoot(page, 'settings-safety-rule-refused')
  await page.getByLabel('By', { exact: true }).selectOption('tag')
  await page.getByRole('textbox', { name: 'Tag' }).fill('router')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('list', { name: 'Protected' })).toContainText('guests with the tag router')
  await page.getByLabel('Minutes that a call waits').fill('90')
  await press(page, 'Save the limits')
  await expect(page.getByLabel('Minutes that a call waits')).toHaveAttribute('aria-invalid', 'true')
  await page.getByLabel('New keyword').fill('swordfish')
  await page.getByLabel('Your own password').fill(admin.password)
  await press(page, 'Set the keyword')
  await expect(page.getByText('It is set.')).toBeVisible()
  await shoot(page, 'settings-safety-set')
  await press(page, 'Take it away')
  await shoot(page, 'settings-safety-take-away')
})

test('API keys', async ({ page }) => {
  await open(page, 'keys')
  await expect(page.getByText('No API keys')).toBeVisible()
  await page.getByRole('radio', { name: /operator/ }).check({ force: true })
  await press(page, 'Add a grant')
  await page.getByLabel('Name', { exact: true }).fill('home-automation')
  await page.getByLabel('Tool', { exact: true }).selectOption('stop_vm')
  await page.getByRole('textbox', { name: 'Guests' }).fill('100')
  await shoot(page, 'settings-keys-new')
  await press(page, 'Make a key')
  await expect(page.locator('.cure')).toContainText('jarvis_')
  await shoot(page, 'settings-keys-secret')
  await press(page, 'Done')
  await press(page, 'Revoke home-automation')
  await shoot(page, 'settings-keys-revoke')
})

test('a broken glass', async ({ page }) => {
  await open(page, 'account')
  await press(page, /^Signed in as/)
  await shoot(page, 'user-menu')
  await press(page, 'Break the glass…')
  await page.getByRole('textbox', { name: 'Reason' }).fill('The router hangs and nobody else is awake')
  await page.getByLabel('Your own password').fill(admin.password)
  await shoot(page, 'break-glass')
  await page.getByRole('button', { name: 'Break the glass', exact: true }).click()
  await expect(page.getByText('The glass is broken.')).toBeVisible()
  await shoot(page, 'break-glass-on')
  await press(page, 'End now')
  await expect(page.getByText('The glass is broken.')).toHaveCount(0)
})

test('wall displays', async ({ page }) => {
  await open(page, 'wall')
  await expect(page.getByText('No wall displays')).toBeVisible()
  await shoot(page, 'settings-wall-none')
  await page.getByLabel('Name', { exact: true }).fill('Screen in the hall')
  await press(page, 'Make a link')
  await expect(page.locator('.cure')).toContainText('/wall#')
  await shoot(page, 'settings-wall-link')
  await press(page, 'Done')
  await shoot(page, 'settings-wall')
  await press(page, 'Revoke Screen in the hall')
  await shoot(page, 'settings-wall-revoke')
})

test('the rest of the settings', async ({ page }) => {
  await open(page, 'account')
  await expect(page.getByRole('list', { name: 'Sessions' })).toBeVisible()
  await shoot(page, 'settings-account')
  await page.getByLabel('Current password').fill('wrong')
  await page.getByLabel('New password').fill('another long pass phrase')
  await press(page, 'Change the password')
  await expect(page.getByLabel('Current password')).toHaveAttribute('aria-invalid', 'true')
  await shoot(page, 'settings-account-refused')
  await page.goto(`${server.url}/settings/appearance`)
  await shoot(page, 'settings-appearance')
  await page.goto(`${server.url}/settings/about`)
  await expect(page.getByRole('list', { name: 'Checks' })).toBeVisible()
  await shoot(page, 'settings-about')
  await page.goto(`${server.url}/settings/nowhere`)
  await shoot(page, 'settings-nowhere')
})

test('a viewer', async ({ page }) => {
  await signIn(page, server.url, '/settings/users', { user: 'hall', password: 'a long pass phrase' })
  await expect(page.getByText('Not for this account')).toBeVisible()
  await shoot(page, 'viewer-refused')
  await page.goto(`${server.url}/settings`)
  await shoot(page, 'viewer-settings')
  await page.goto(`${server.url}/c/home`)
  await expect(live(page)).toHaveText('Live')
  await shoot(page, 'viewer-overview')
})

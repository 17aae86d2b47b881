import { expect, type Page, test } from '@playwright/test'
import { powerlessToken } from '../support/proxmox.ts'
import { check, complaints, live } from '../support/screen.ts'
import { admin, Server, Simulator } from '../support/stack.ts'

let lab: Simulator

test.beforeAll(async () => {
  lab = await Simulator.start('--scenario', 'three-nodes')
})

test.afterAll(() => lab?.stop())

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

async function toToken(page: Page) {
  await press(page, /^Connect a real cluster/)
  await page.getByLabel('Address of any node').fill(lab.ready.endpoints[0] ?? '')
  await press(page, 'Find it')
  await expect(page.getByTestId('fingerprint')).toHaveText(
    (Object.values(lab.ready.fingerprints)[0] ?? '').replace(/^((?:..:){15}..):/, '$1'),
  )
  await expect(page.getByRole('button', { name: 'Trust it' })).toBeDisabled()
  await page.getByLabel(/I compared it/).check()
  await press(page, 'Trust it')
}

async function toTheScreen(page: Page) {
  await press(page, 'Later')
  await expect(page.getByRole('list', { name: 'Clusters' })).toContainText('live')
  await press(page, 'To the screen')
  await expect(live(page)).toHaveText('Live')
}

test('a newcomer makes the account, connects a cluster and sees it live', async ({ page }) => {
  const server = await Server.bare()
  const found = complaints(page)
  await page.goto(`${server.url}/c/lab/feed`)
  await expect(page).toHaveURL(`${server.url}/setup`)
  await expect(page.getByLabel('One-time token')).toBeVisible()
  await check(page, 'without the link')

  await page.goto('about:blank')
  await page.goto(server.link ?? '')
  await expect(page.getByText('The one-time link was recognised.')).toBeVisible()
  expect(page.url()).toBe(`${server.url}/setup`)
  await page.getByLabel('Password', { exact: true }).fill(admin.password)
  await press(page, 'Make the account')
  await expect(page.getByText('What shall Jarvis watch?')).toBeVisible()
  await page.reload()
  await expect(page.getByText('What shall Jarvis watch?')).toBeVisible()

  await toToken(page)
  await page.getByLabel('API token').fill(await powerlessToken(lab))
  await press(page, 'Test it')
  await expect(page.getByText(/This token cannot see nodes, guests, storage/)).toBeVisible()
  await expect(page.locator('.cure')).toContainText('pveum acl modify')
  await check(page, 'a token without rights')
  await press(page, 'Back')
  await page.getByLabel('API token').fill(lab.ready.token)
  await press(page, 'Test it')
  await expect(page.getByLabel('Name on screen')).toHaveValue('lab')
  await press(page, 'Add the cluster')
  await expect(page.getByRole('heading', { name: 'Approval keyword' })).toBeVisible()
  await check(page, 'the keyword')
  await toTheScreen(page)
  await expect(page).toHaveURL(`${server.url}/c/lab`)
  await page.goto(server.url)
  await expect(page).toHaveURL(`${server.url}/c/lab`)
  expect(found).toEqual([])
  await server.stop()
})

test('with the demo running the set-up is offered at the front door alone, and the demo can be kept', async ({
  page,
}) => {
  const server = await Server.start([], { Jarvis__Demo__First: 'three-nodes' })
  await page.goto(`${server.url}/c/demo/feed`)
  await page.getByLabel('User').fill(admin.user)
  await page.getByLabel('Password').fill(admin.password)
  await press(page, 'Sign in')
  await expect(page.getByRole('list', { name: 'Events, newest first' })).toBeVisible()
  await expect(page).toHaveURL(`${server.url}/c/demo/feed`)

  await page.goto(server.url)
  await expect(page).toHaveURL(`${server.url}/setup`)
  await press(page, /^Keep the simulated home lab/)
  await toTheScreen(page)
  await page.goto(server.url)
  await expect(page).toHaveURL(`${server.url}/c/demo`)
  await server.stop()
})

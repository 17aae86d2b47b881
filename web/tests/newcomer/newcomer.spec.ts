import { expect, type Page, test } from '@playwright/test'
import { Clone } from '../support/clone.ts'
import { press, trust } from '../support/connect.ts'
import { grant, powerlessToken } from '../support/proxmox.ts'
import { complaints, live } from '../support/screen.ts'
import { admin, Simulator } from '../support/stack.ts'

const LONGEST = 180

test.describe.configure({ timeout: (LONGEST + 30) * 1_000 })

let clone: Clone | null = null

test.afterAll(() => clone?.remove())

async function seen(page: Page, began: number, what: string) {
  await press(page, 'To the screen')
  await expect(live(page)).toHaveText('Live')
  await expect(page.getByRole('region', { name: 'Nodes' }).getByRole('listitem').first()).toBeVisible()
  await expect(page.locator('.guest[data-state="running"]').first()).toBeVisible()
  const took = (Date.now() - began) / 1_000
  process.stdout.write(`newcomer: ${what} after ${took.toFixed(0)} s\n`)
  expect(took).toBeLessThan(LONGEST)
}

test('from a clean clone to the demo on screen', async ({ page }) => {
  const began = Date.now()
  const found = complaints(page)
  clone = new Clone()
  const jarvis = await clone.run('demo')
  await page.goto(await jarvis.says(/Jarvis is ready at (\S+)/))
  await page.getByLabel('User').fill('admin')
  await page.getByLabel('Password').fill(await jarvis.says(/Sign in as admin with (\S+)/))
  await press(page, 'Sign in')
  await expect(page).toHaveURL(/\/setup$/)
  await press(page, /^Keep the simulated home lab/)
  await press(page, 'Later')
  await expect(page.getByRole('list', { name: 'Clusters' })).toContainText('live')
  await seen(page, began, 'clone, build, sign-in, demo on screen')
  expect(found).toEqual([])
  expect(await jarvis.stop()).toBe(0)
})

test('from the one-time link to a real cluster on screen', async ({ page }) => {
  const began = Date.now()
  const found = complaints(page)
  clone ??= new Clone()
  const lab = await Simulator.start('--scenario', 'three-nodes')
  const jarvis = await clone.run('real', '--setup')
  await page.goto(await jarvis.says(/(http\S+\/setup#\S+)/))
  await expect(page.getByText('The one-time link was recognised.')).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill(admin.password)
  await press(page, 'Make the account')

  await press(page, /^Connect a real cluster/)
  await trust(page, lab)

  await page.getByLabel('API token').fill(await powerlessToken(lab))
  await press(page, 'Test it')
  await expect(page.getByText(/This token cannot see nodes, guests, storage/)).toBeVisible()
  await expect(page.getByText(/It lacks Sys\.Audit, VM\.Audit, Datastore\.Audit/)).toBeVisible()
  const cure = await page.locator('.cure pre').textContent()
  for (const line of cure?.split('\n') ?? []) await grant(lab, line)
  await press(page, 'Test again')
  await expect(page.getByText(/cannot see/)).toHaveCount(0)
  await press(page, 'Add the cluster')
  await press(page, 'Later')
  await expect(page.getByRole('list', { name: 'Clusters' })).toContainText('live')
  await seen(page, began, 'start, account, certificate, rights, real cluster on screen')
  await expect(
    page.getByRole('link', { name: `${Object.keys(lab.ready.fingerprints)[0]}, online` }),
  ).toBeVisible()
  expect(found).toEqual([])
  expect(await jarvis.stop()).toBe(0)
  await lab.stop()
})

import { expect, type Page, test } from '@playwright/test'
import { resources } from '../support/proxmox.ts'
import { check, complaints, signIn } from '../support/screen.ts'
import { admin, Server, Simulator } from '../support/stack.ts'

let lab: Simulator
let server: Server

test.beforeAll(async () => {
  lab = await Simulator.start('--scenario', 'three-nodes')
  server = await Server.start([{ key: 'lab', name: 'Lab', simulator: lab }], {
    Jarvis__Safety__ProtectedGuests__0: '100',
  })
  await server.api('/api/users', { name: 'nora', role: 'operator', password: admin.password })
})

test.afterAll(async () => {
  await server?.stop()
  await lab?.stop()
})

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })
const statusOf = async (vmid: number) => (await resources(lab)).find((each) => each.vmid === vmid)?.status

test('the rules are set on screen, hold at once, and are seen and not changed by an operator', async ({
  page,
  browser,
}) => {
  const found = complaints(page)
  await signIn(page, server.url, '/settings/safety')
  await expect(page.getByText(/are refused until there is one/)).toBeVisible()
  await check(page, 'the rules')
  await page.getByLabel('New keyword').fill('swordfish')
  await page.getByLabel('Your own password').fill('not the password')
  await press(page, 'Set the keyword')
  await expect(page.getByLabel('Your own password')).toHaveAttribute('aria-invalid', 'true')
  await page.getByLabel('Your own password').fill(admin.password)
  await press(page, 'Set the keyword')
  await expect(page.getByText('It is set.')).toBeVisible()

  await page.getByRole('button', { name: 'Add a rule to protected' }).click()
  await field(page, 'Number').fill('7')
  await press(page, 'Add')
  await expect(page.getByText('The id of a guest is its number, 100 to 999999999.')).toBeVisible()
  await check(page, 'a rule that was refused')
  await field(page, 'Number').fill('104')
  await field(page, 'Why (optional)').fill('it builds tonight')
  await press(page, 'Add')
  const rows = page.getByRole('list', { name: 'Protected' }).getByRole('listitem')
  await expect(rows).toHaveCount(2)
  await expect(rows.filter({ hasText: 'guest 100' }).getByRole('button')).toHaveCount(0)
  await expect(server.api('/api/tools/execute', { tool: 'stop_vm', args: { guest: 104 } })).rejects.toThrow(
    /DENY_PROTECTED.*it builds tonight|it builds tonight.*DENY_PROTECTED/,
  )

  await page.getByLabel('Minutes that a call waits').fill('90')
  await press(page, 'Save the limits')
  await expect(page.getByText('approvalMinutes must be 1 to 60.')).toBeVisible()
  await page.getByLabel('Minutes that a call waits').fill('9')
  await press(page, 'Save the limits')
  await expect(page.getByText('Saved; it holds from now on.')).toBeVisible()

  const context = await browser.newContext()
  const other = await context.newPage()
  await signIn(other, server.url, '/settings/safety', { user: 'nora', password: admin.password })
  await expect(other.getByText('It is set.')).toBeVisible()
  await expect(other.getByRole('list', { name: 'Protected' })).toContainText('it builds tonight')
  await expect(other.locator('.settings-section').getByRole('button')).toHaveCount(0)
  await check(other, 'the rules, for an operator')
  await context.close()

  await press(page, 'Remove guest 104')
  await press(page, 'Remove')
  await expect(rows).toHaveCount(1)
  expect(found).toEqual([])
})

test('a key that is made on screen works for what it was granted, and no longer once it is revoked', async ({
  page,
}) => {
  const found = complaints(page)
  await signIn(page, server.url, '/settings/keys')
  await expect(page.getByText('No API keys')).toBeVisible()
  await field(page, 'Name').fill('night')
  await page.getByRole('radio', { name: /^operator/ }).focus()
  await page.keyboard.press('Space')
  await press(page, 'Add a grant')
  await page.getByLabel('Tool', { exact: true }).selectOption('stop_container')
  await field(page, 'Guests').fill('103')
  await check(page, 'a new key')
  await press(page, 'Make a key')
  const secret = (await page.locator('.cure pre').textContent()) ?? ''
  expect(secret).toMatch(/^jarvis_/)
  await check(page, 'the secret of a key')
  const ask = (guest: number | null) =>
    fetch(`${server.url}/api/tools${guest === null ? '' : '/execute'}`, {
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      ...(guest !== null && {
        method: 'POST',
        body: JSON.stringify({ tool: 'stop_container', args: { guest } }),
      }),
    })
  expect((await ask(null)).status).toBe(200)
  expect((await ask(101)).status).toBe(202)
  expect(await statusOf(101)).toBe('running')
  expect((await ask(103)).status).toBe(200)
  await expect.poll(() => statusOf(103), { timeout: 20_000 }).toBe('stopped')

  await press(page, 'Done')
  await expect(page.getByText(secret)).toHaveCount(0)
  const list = page.getByRole('list', { name: 'API keys' })
  await expect(list).toContainText('Stop container on guest 103 (Lab)')
  await expect(page.getByRole('region', { name: 'Approvals' })).toContainText('Decide')
  await press(page, 'Revoke night')
  await press(page, 'Revoke')
  await expect(page.getByText('No API keys')).toBeVisible()
  expect((await ask(null)).status).toBe(401)
  await expect(page.getByRole('region', { name: 'Approvals' })).toContainText('Nothing waits for you.')
  expect(found).toEqual([])
})

test('a broken glass lets its own session act unasked, is seen by whoever is signed in, and is ended by them', async ({
  page,
  browser,
}) => {
  const found = complaints(page)
  const context = await browser.newContext()
  const other = await context.newPage()
  await signIn(other, server.url, '/c/lab', { user: 'nora', password: admin.password })
  await signIn(page, server.url, '/c/lab/guest/102')
  await page.getByRole('button', { name: /^Signed in as/ }).click()
  await press(page, 'Break the glass…')
  await field(page, 'Reason').fill('the database hangs')
  await page.getByLabel('Your own password').fill('not the password')
  await press(page, 'Break the glass')
  await expect(page.getByLabel('Your own password')).toHaveAttribute('aria-invalid', 'true')
  await check(page, 'breaking the glass')
  await page.getByLabel('Your own password').fill(admin.password)
  await press(page, 'Break the glass')
  await expect(page.getByText(/Your own RED and ORANGE calls are not asked about/)).toBeVisible()
  await expect(page.getByRole('button', { name: /^Signed in as/ })).toBeFocused()
  await expect(page.getByText('Break the glass…')).toHaveCount(0)
  await expect(other.getByText(/admin’s RED and ORANGE calls are not asked about until/)).toContainText(
    'the database hangs',
  )
  await check(other, 'a broken glass')

  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect.poll(() => statusOf(102), { timeout: 20_000 }).toBe('stopped')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await press(other, 'End now')
  for (const each of [page, other]) await expect(each.getByText('The glass is broken.')).toHaveCount(0)
  await other.goto(`${server.url}/c/lab/feed`)
  await expect(other.getByText('nora ended break-glass.').first()).toBeVisible()
  await context.close()
  expect(found).toEqual([])
})

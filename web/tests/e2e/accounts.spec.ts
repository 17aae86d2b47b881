import { type Browser, expect, type Page, test } from '@playwright/test'
import { press } from '../support/connect.ts'
import { complaints, live, signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'

const SECOND = 1_000

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

/** Another browser, with cookies of its own. */
const elsewhere = async (browser: Browser) => (await browser.newContext()).newPage()

/** Resolves when each of the live connections that the page opens from now on has been closed, and tells when. */
function closed(page: Page): () => Promise<number> {
  const ends: Promise<number>[] = []
  page.on('websocket', (socket) =>
    ends.push(new Promise((over) => socket.once('close', () => over(Date.now())))),
  )
  return async () => {
    expect(ends.length).toBeGreaterThanOrEqual(2)
    return Math.max(...(await Promise.all(ends)))
  }
}

const asked = (page: Page, method: string, path: string) =>
  page.waitForResponse((answer) => answer.request().method() === method && answer.url().includes(path))

test('a session that is ended from another is signed out and cut off within a second', async ({
  page,
  browser,
}) => {
  const other = await elsewhere(browser)
  const cut = closed(other)
  await signIn(other, server.url)
  await expect(live(other)).toHaveText('Live')
  await signIn(page, server.url, '/settings/account')
  const list = page.getByRole('list', { name: 'Sessions' })
  await expect(list.getByRole('listitem')).toHaveCount(2)
  const answer = asked(page, 'DELETE', '/api/auth/sessions/')
  await list.getByRole('button', { name: /^End the session/ }).click()
  expect((await answer).status()).toBe(204)
  const ended = Date.now()
  expect((await cut()) - ended).toBeLessThan(SECOND)
  await expect(other.getByText('Your session has ended. Revoked by admin. Sign in again.')).toBeVisible()
  await expect(list.getByRole('listitem')).toHaveCount(1)
  await expect(live(page)).toHaveText('Live')
  await other.reload()
  await expect(other.getByLabel('Password')).toBeVisible()
  await other.context().close()
})

test('two tabs that renew at once, and one whose answer is lost, stay signed in', async ({
  page,
  context,
}) => {
  await signIn(page, server.url)
  const second = await context.newPage()
  await second.goto(server.url)
  for (const tab of [page, second]) await expect(live(tab)).toHaveText('Live')
  await Promise.all([page.reload(), second.reload()])
  for (const tab of [page, second]) await expect(live(tab)).toHaveText('Live')

  let lost = 0
  await page.route(
    '**/api/auth/refresh',
    async (route) => {
      const before = await context.cookies()
      expect((await route.fetch()).status()).toBe(200)
      // The answer brought new cookies; a browser that never saw it still has the old ones.
      await context.addCookies(before)
      lost++
      await route.abort('connectionreset')
    },
    { times: 1 },
  )
  await page.reload()
  await expect(page.getByText('The server does not answer')).toBeVisible()
  expect(lost).toBe(1)
  await expect(live(page)).toHaveText('Live')
  await Promise.all([page.reload(), second.reload()])
  for (const tab of [page, second]) await expect(live(tab)).toHaveText('Live')
})

test('a viewer sees no part of the administration, and is signed out with the account', async ({
  page,
  browser,
}) => {
  const vera = { user: 'vera', password: 'seven quiet green boats' }
  const found = complaints(page)
  await signIn(page, server.url, '/settings/users')
  await press(page, 'Add an account')
  const dialog = page.getByRole('dialog', { name: 'Add an account' })
  await dialog.getByLabel('Name').fill(vera.user)
  await dialog.getByLabel(/^viewer/).check()
  await dialog.getByLabel('Password', { exact: true }).fill(vera.password)
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('list', { name: 'Accounts' })).toContainText(vera.user)

  const other = await elsewhere(browser)
  await signIn(other, server.url, '/', vera)
  await expect(live(other)).toHaveText('Live')
  await other.goto(`${server.url}/settings`)
  const parts = other.getByRole('navigation', { name: 'Settings' })
  await expect(parts.getByRole('link', { name: 'Account' })).toBeVisible()
  for (const [path, title] of [
    ['users', 'Users'],
    ['clusters', 'Clusters'],
    ['wall', 'Wall displays'],
  ]) {
    await expect(parts.getByRole('link', { name: title ?? '', exact: true })).toHaveCount(0)
    await other.goto(`${server.url}/settings/${path}`)
    await expect(other.getByText('Not for this account')).toBeVisible()
  }
  const refused = await other.evaluate(async () => {
    const renewed = await fetch('/api/auth/refresh', { method: 'POST' })
    const { accessToken } = (await renewed.json()) as { accessToken: string }
    const headers = { authorization: `Bearer ${accessToken}` }
    return Promise.all(
      ['users', 'wall', 'auth/sessions?all=true', 'clusters/lab/settings'].map(
        async (path) => (await fetch(`/api/${path}`, { headers })).status,
      ),
    )
  })
  expect(refused).toEqual([403, 403, 403, 403])

  await press(page, 'Remove vera')
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(other.getByText('Your session has ended.')).toBeVisible()
  await expect(page.getByRole('list', { name: 'Accounts' })).not.toContainText(vera.user)
  await other.context().close()
  expect(found).toEqual([])
})

test('the link of a wall display opens the wall until it is revoked', async ({ page, browser }) => {
  await signIn(page, server.url, '/settings/wall')
  await page.getByLabel('Name', { exact: true }).fill('Hall')
  await press(page, 'Make a link')
  const link = (await page.locator('.cure pre').textContent()) ?? ''
  expect(link).toContain(`${server.url}/wall#`)
  await press(page, 'Done')

  const display = await elsewhere(browser)
  await display.goto(link)
  await expect(display.locator('.wall-sentence')).toContainText(/\w+/)
  expect(display.url()).toBe(`${server.url}/wall`)
  await display.goto(`${server.url}/settings/users`)
  await expect(display.locator('.wall-sentence')).toContainText(/\w+/)
  await display.goto('about:blank')
  const cut = closed(display)
  await display.goto(`${server.url}/wall`)
  await expect(display.locator('.wall-sentence')).toContainText(/\w+/)

  await press(page, 'Revoke Hall')
  const answer = asked(page, 'DELETE', '/api/wall/')
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  expect((await answer).status()).toBe(204)
  const ended = Date.now()
  expect((await cut()) - ended).toBeLessThan(SECOND)
  await expect(display.getByText('This display is not let in')).toBeVisible()
  await display.goto('about:blank')
  await display.goto(link)
  await expect(display.getByText(/This wall token was removed/)).toBeVisible()
  await display.context().close()
})

test('a new password signs out everywhere else, and the old one opens nothing', async ({ page, browser }) => {
  const paul = { user: 'paul', password: 'nine small wooden spoons' }
  const next = 'four tall brick towers'
  await signIn(page, server.url, '/settings/users')
  await press(page, 'Add an account')
  const dialog = page.getByRole('dialog', { name: 'Add an account' })
  await dialog.getByLabel('Name').fill(paul.user)
  await dialog.getByLabel('Password', { exact: true }).fill(paul.password)
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(dialog).toHaveCount(0)

  const [here, there] = [await elsewhere(browser), await elsewhere(browser)]
  await signIn(there, server.url, '/', paul)
  await signIn(here, server.url, '/settings/account', paul)
  await here.getByLabel('Current password').fill('not this one')
  await here.getByLabel('New password').fill(next)
  await press(here, 'Change the password')
  await expect(
    here
      .getByText('Wrong password')
      .or(here.getByText(/password is another/))
      .first(),
  ).toBeVisible()
  await here.getByLabel('Current password').fill(paul.password)
  await press(here, 'Change the password')
  await expect(here.getByText('You were signed out everywhere else.')).toBeVisible()
  await expect(there.getByText('Your session has ended.')).toBeVisible()
  await expect(live(here)).toHaveText('Live')

  await there.getByLabel('User').fill(paul.user)
  await there.getByLabel('Password').fill(paul.password)
  await press(there, 'Sign in')
  await expect(there.getByRole('alert')).toBeVisible()
  await there.getByLabel('Password').fill(next)
  await press(there, 'Sign in')
  await expect(live(there)).toHaveText('Live')
  for (const each of [here, there]) await each.context().close()
})

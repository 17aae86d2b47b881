import { expect, type Page, test } from '@playwright/test'
import { check, live, loaded, signIn } from '../support/screen.ts'
import { admin, Server, Simulator } from '../support/stack.ts'
import { addressOf, places } from '../support/visit.ts'

test.describe.configure({ timeout: 300_000 })

let lab: Simulator
let server: Server
let bare: Server

test.beforeAll(async () => {
  lab = await Simulator.start('--scenario', 'homelab')
  server = await Server.start([{ key: 'home', name: 'Home lab', simulator: lab }])
  bare = await Server.bare()
  await server.api('/api/users', { name: 'somebody', role: 'viewer', password: admin.password })
  const { endpoints, fingerprints, token } = lab.ready
  await server.api('/api/clusters', {
    key: 'again',
    name: 'Again',
    address: endpoints[0],
    fingerprint: Object.values(fingerprints)[0],
    token,
  })
})

test.afterAll(async () => {
  await server?.stop()
  await bare?.stop()
  await lab?.stop()
})

async function look(page: Page, address: string, name: string) {
  await page.goto(address)
  await loaded(page)
  await check(page, name)
}

const wear = (page: Page, scheme: string) =>
  page.addInitScript((worn) => {
    localStorage.setItem('jarvis-layout', JSON.stringify({ version: 2, state: { scheme: worn } }))
  }, scheme)

const looks = [
  ['dark', 1440, 900],
  ['light', 390, 844],
] as const
// Each takes most of a minute.
const moreLooks = [
  ['dark', 1024, 768],
  ['dark', 390, 844],
  ['light', 1440, 900],
] as const

for (const [scheme, width, height] of process.env.JARVIS_LONG ? [...looks, ...moreLooks] : looks) {
  test(`axe finds nothing on any page, ${scheme} at ${width}×${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height })
    await wear(page, scheme)
    const at = await addressOf(server, 'home')
    const visit = async (who: string, url: string) => {
      for (const { name, path } of places.filter(({ as }) => as === who))
        await look(page, url + at(path), name)
    }
    await visit('newcomer', bare.url)
    await visit('nobody', server.url)
    await signIn(page, server.url)
    await expect(page.locator('html')).toHaveAttribute('data-scheme', scheme)
    await visit('admin', server.url)
    await page.goto(`${server.url}/c/home`)
    for (const section of width < 768 ? ['Nodes', 'Guests', 'Storage', 'Events'] : []) {
      await page.getByRole('navigation', { name: 'Sections' }).getByText(section).click()
      await loaded(page)
      await check(page, section)
    }
  })

  test(`axe finds nothing in what opens on a page, ${scheme} at ${width}×${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height })
    await wear(page, scheme)
    await signIn(page, server.url, '/c/home')
    await expect(live(page)).toHaveText('Live')
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('combobox', { name: 'Go to or do' })).toBeFocused()
    await check(page, 'palette')
    await page.keyboard.type('zzzzzz')
    await check(page, 'a palette that finds nothing')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
    await check(page, 'keyboard map')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /Signed in as/ }).click()
    await check(page, 'user menu')
    for (const [path, button, dialog] of [
      ['/settings/users', 'Add an account', 'Add an account'],
      ['/settings/users', 'Reset password of somebody', 'New password for somebody'],
      ['/settings/users', 'Remove somebody', 'Remove somebody?'],
      ['/settings/clusters', 'Edit Again', 'Again'],
      ['/settings/clusters', 'Remove Again', 'Remove Again?'],
    ] as const) {
      await page.goto(server.url + path)
      await page.getByRole('button', { name: button }).click()
      await expect(page.getByRole('dialog', { name: dialog })).toBeVisible()
      await loaded(page)
      await check(page, dialog)
    }
    await page.goto(`${server.url}/settings/account`)
    await page.getByLabel('Current password').fill('wrong')
    await page.getByLabel('New password').fill(admin.password)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await expect(page.locator('[aria-invalid=true]')).toBeVisible()
    await check(page, 'a wrong password')
  })
}

test('axe finds nothing on the way to a cluster', async ({ page }) => {
  const press = (name: string) => page.getByRole('button', { name }).click()
  await signIn(page, server.url, '/settings/clusters')
  await press('Start a demo')
  await check(page, 'the demos')
  await page.goto(`${server.url}/settings/clusters`)
  await press('Connect a cluster')
  await check(page, 'address')
  await page.getByLabel('Address of any node').fill('127.0.0.1:1')
  await press('Find it')
  await expect(page.getByRole('alert')).toBeVisible()
  await check(page, 'nobody there')
  await page.getByLabel('Address of any node').fill(lab.ready.endpoints[0] ?? '')
  await press('Find it')
  await expect(page.getByTestId('fingerprint')).toBeVisible()
  await check(page, 'fingerprint')
  await page.getByLabel(/I compared it/).check()
  await press('Trust it')
  await page.getByLabel('API token').fill('nonsense')
  await press('Test it')
  await expect(page.locator('[aria-invalid=true]')).toBeVisible()
  await check(page, 'a token that is none')
  await page.getByLabel('API token').fill(lab.ready.token)
  await press('Test it')
  await expect(page.getByLabel('Name on screen')).toBeVisible()
  await check(page, 'rights')
})

test('axe finds nothing on a wall display’s link, nor on the display', async ({ page, browser }) => {
  await signIn(page, server.url, '/settings/wall')
  await page.getByRole('textbox', { name: 'Name' }).fill('Hall')
  await page.getByRole('button', { name: 'Make a link' }).click()
  const link = page.getByText(/\/wall#/)
  await expect(link).toBeVisible()
  await check(page, 'the link')
  const display = await (await browser.newContext()).newPage()
  await display.goto(/http\S+/.exec((await link.textContent()) ?? '')?.[0] ?? '')
  await expect(display.locator('.wall-sentence')).toContainText(/\w+/)
  await check(display, 'the display')
  await display.context().close()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Revoke Hall' }).click()
  await expect(page.getByRole('dialog', { name: 'Revoke Hall?' })).toBeVisible()
  await check(page, 'before revoking')
})

test('axe finds nothing while the cluster cannot be seen', async ({ page }) => {
  await signIn(page, server.url, '/c/home')
  const fault = await lab.fault('errors', '*', { status: '596' })
  await expect(live(page)).toHaveText('Blind', { timeout: 90_000 })
  await check(page, 'blind')
  await page.evaluate(() => sessionStorage.clear())
  await page.goto(`${server.url}/c/home`)
  await expect(page.getByRole('button', { name: 'Continue anyway' })).toBeVisible()
  await check(page, 'the checks at the start, one of them failed')
  const at = await addressOf(server, 'home')
  await page.getByRole('button', { name: 'Continue anyway' }).click()
  for (const path of ['/c/{cluster}/node/{node}', '/c/{cluster}/guest/{vmid}/backups', '/wall'])
    await look(page, server.url + at(path), `${path}, blind`)
  await lab.heal(fault)
})

test('the whole page is reached by keyboard, and nothing moves for those who ask for stillness', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live')
  await page.reload()
  await expect(live(page)).toHaveText('Live')
  await page.keyboard.press('Tab')
  await expect(page.getByText('Skip to the content')).toBeFocused()
  const seen = new Set<string>()
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    seen.add(
      await page.evaluate(
        () => document.activeElement?.closest('[aria-label]')?.getAttribute('aria-label') ?? '',
      ),
    )
  }
  expect([...seen]).toEqual(expect.arrayContaining(['Guests', 'Views']))
  const moving = await page.evaluate(
    () => document.getAnimations().filter((each) => each.playState === 'running').length,
  )
  expect(moving).toBe(0)
})

import { expect, type Page, test } from '@playwright/test'
import { resources } from '../support/proxmox.ts'
import { check, complaints, live, signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'

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

const seen = async (page: Page) => {
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live')
  await expect(page.getByTestId('health')).toBeVisible()
}
const firstFound = (page: Page) => page.getByRole('listbox', { name: 'Found' }).getByRole('option').first()
const column = (page: Page, name: string) =>
  page.getByRole('region', { name, exact: true }).locator(':scope > .panel')
const titles = (page: Page, name: string) =>
  column(page, name).evaluateAll((panels) => panels.map((panel) => panel.getAttribute('aria-label')))

test('a guest is reached by keys alone, and the keys are shown', async ({ page }) => {
  const found = complaints(page)
  await seen(page)
  const guest = (await resources(lab)).find((row) => row.type === 'qemu' && row.template !== 1)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Go to or do' })).toBeFocused()
  await page.keyboard.type(`${guest?.vmid}`)
  await expect(firstFound(page)).toContainText(guest?.name ?? '')
  await check(page, 'palette')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`${server.url}/c/lab/guest/${guest?.vmid}`)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await check(page, 'keyboard map')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('g')
  await page.keyboard.press('f')
  await expect(page).toHaveURL(`${server.url}/c/lab/feed`)
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox', { name: 'Search guests' })).toBeFocused()
  expect(found).toEqual([])
})

test.describe('on a slow line', () => {
  // The worker would fetch it out of the test's sight.
  test.use({ serviceWorkers: 'block' })

  test('what is typed before the palette has come is in it', async ({ page }) => {
    let come = () => {}
    const awaited = new Promise<void>((resolve) => {
      come = resolve
    })
    await page.route(/\/Palette-[^/]*\.js$/, async (route) => {
      await awaited
      await route.continue()
    })
    await seen(page)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('put all ')
    const field = page.getByRole('combobox', { name: 'Go to or do' })
    await expect(field).toHaveCount(0)
    come()
    await expect(field).toBeFocused()
    await page.keyboard.type('panels')
    await expect(field).toHaveValue('put all panels')
    await expect(firstFound(page)).toContainText('Put all panels back')
  })
})

test('panels go where they are put, stay there and come back', async ({ page }) => {
  await seen(page)
  await page.getByRole('button', { name: 'Arrange Guests' }).click()
  await check(page, 'the menu of a panel')
  await page.getByRole('button', { name: 'To the right column' }).click()
  await expect.poll(() => titles(page, 'Activity')).toEqual(['Approvals', 'Tasks', 'Latest events', 'Guests'])
  await page.getByRole('button', { name: /^Storage/ }).focus()
  await page.keyboard.press('Alt+Shift+ArrowUp')
  await expect.poll(() => titles(page, 'Inventory')).toEqual(['Storage', 'Nodes'])
  await expect(page.getByRole('button', { name: /^Storage/ })).toBeFocused()
  await column(page, 'Activity')
    .filter({ hasText: 'Latest events' })
    .getByRole('heading')
    .dragTo(column(page, 'Inventory').first().getByRole('heading'))
  await expect.poll(() => titles(page, 'Inventory')).toEqual(['Latest events', 'Storage', 'Nodes'])
  await page.reload()
  await expect.poll(() => titles(page, 'Inventory')).toEqual(['Latest events', 'Storage', 'Nodes'])
  await page.keyboard.press('Control+k')
  await page.keyboard.type('put all panels')
  await expect(firstFound(page)).toContainText('Put all panels back')
  await page.keyboard.press('Enter')
  await expect.poll(() => titles(page, 'Inventory')).toEqual(['Nodes', 'Guests', 'Storage'])
})

test('axe finds nothing in any theme', async ({ page }) => {
  test.setTimeout(240_000)
  await seen(page)
  for (const scheme of ['dark', 'light'])
    for (const accent of ['amber', 'cyan', 'green', 'purple', 'red']) {
      await page.getByRole('button', { name: /Signed in as/ }).click()
      await page.getByRole('radio', { name: scheme, exact: true }).check({ force: true })
      await page.getByRole('radio', { name: accent, exact: true }).check({ force: true })
      await check(page, `${scheme} ${accent}`)
      await page.keyboard.press('Escape')
    }
})

test('what breaks is said at once, and put away when it is over', async ({ page }) => {
  await seen(page)
  const node = lab.ready.fingerprints
  const last = Object.keys(node).at(-1) ?? ''
  const fault = await lab.fault('node-hang', last)
  const toast = page.locator('[data-sonner-toast]').filter({ hasText: `Node ${last} is offline` })
  await expect(toast).toBeVisible({ timeout: 60_000 })
  const [worn, meant] = await toast.evaluate((box) => {
    const worn = getComputedStyle(box).backgroundColor
    const sample = document.body.appendChild(document.createElement('i'))
    sample.style.background = 'var(--lifted)'
    const meant = getComputedStyle(sample).backgroundColor
    sample.remove()
    return [worn, meant]
  })
  expect(worn, 'the toast wears the theme').toBe(meant)
  await check(page, 'toast')
  await lab.heal(fault)
  await expect(toast).toHaveCount(0, { timeout: 60_000 })
})

test('a wall display shows the cluster and no controls, and nothing to whom nobody let in', async ({
  page,
}) => {
  await page.goto(`${server.url}/wall`)
  await expect(page.getByText('This display is not let in')).toBeVisible()
  await check(page, 'a wall that is not let in')
  await seen(page)
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.goto(`${server.url}/wall`)
  await expect(page.locator('.wall-sentence')).toContainText(/\w+/)
  await expect(page.getByText('Busiest nodes').or(page.getByText('Fullest storage'))).toBeVisible({
    timeout: 40_000,
  })
  await expect(page.locator('.wall').locator('button, a, input')).toHaveCount(0)
  await check(page, 'wall')
  const small = await page
    .locator('.wall')
    .evaluate((wall) =>
      [...wall.querySelectorAll('p, li, dt, dd span, h2, time')]
        .filter((each) => each.textContent !== '' && Number.parseFloat(getComputedStyle(each).fontSize) < 18)
        .map((each) => each.textContent),
    )
  expect(small).toEqual([])
})

test('a token in the address of a wall display leaves it at once', async ({ page }) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`${server.url}/wall#not-a-token-of-this-server`)
  await expect(page.getByText('This display is not let in')).toBeVisible()
  expect(page.url()).toBe(`${server.url}/wall`)
  expect(asked.filter((url) => url.includes('not-a-token'))).toEqual([])
})

test('on a phone nothing is wider than the screen or too small for a thumb', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await seen(page)
  for (const section of ['Overview', 'Nodes', 'Guests', 'Storage', 'Events']) {
    await page.getByRole('navigation', { name: 'Sections' }).getByText(section).click()
    await expect(page.locator('.centre [role=status] + i')).toHaveCount(0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth), section).toBeLessThanOrEqual(390)
    const small = await page
      .locator('button:visible, a:visible:not(.skip), select:visible')
      .evaluateAll((all) =>
        all
          .filter((each) => each.getBoundingClientRect().height < 40)
          .map((each) => each.getAttribute('aria-label') ?? each.textContent),
      )
    expect(small, section).toEqual([])
  }
})

test('without the server a page says so, and with it again the screen comes back by itself', async ({
  page,
}) => {
  await seen(page)
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await server.kill()
  await page.goto(`${server.url}/c/lab`)
  await expect(page.getByRole('heading', { name: 'Jarvis cannot be reached' })).toBeVisible()
  await check(page, 'without the server')
  await server.run()
  await expect(live(page)).toHaveText('Live', { timeout: 60_000 })
})

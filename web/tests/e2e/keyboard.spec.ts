import { expect, type Locator, type Page, test } from '@playwright/test'
import { resources } from '../support/proxmox.ts'
import { complaints, live } from '../support/screen.ts'
import { admin, Server, Simulator } from '../support/stack.ts'

const MOST_STOPS = 80

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

/** What is wrong with showing where the focus is; a hidden input is shown by its label. */
const focusFault = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement
    if (!at || at === document.body) return 'the focus is nowhere'
    const around = [at, at.nextElementSibling, at.closest('label'), at.parentElement]
    const marked = around.some((each) => {
      if (!each) return false
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each)
      return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none'
    })
    const seen = around.some((each) => {
      const { width = 0, height = 0, top = -1, left = -1 } = each?.getBoundingClientRect() ?? {}
      return width > 1 && height > 1 && top >= -1 && left >= -1 && top < innerHeight && left < innerWidth
    })
    const what = `${at.tagName} ${at.getAttribute('aria-label') ?? at.textContent?.slice(0, 40)}`
    if (!marked) return `${what} does not show that it has the focus`
    return seen ? null : `${what} has the focus out of sight`
  })

const isFocused = (target: Locator) => target.evaluate((each) => each === document.activeElement)

/** Presses Tab until the target has the focus; every stop on the way must show where one is. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeAttached()
  for (let stops = 0; stops < MOST_STOPS; stops++) {
    await page.keyboard.press('Tab')
    if (await isFocused(target)) {
      expect(await focusFault(page)).toBeNull()
      return
    }
    const nowhere = await page.evaluate(() => document.activeElement === document.body)
    if (!nowhere) expect(await focusFault(page)).toBeNull()
  }
  throw new Error(`${target} was not reached in ${MOST_STOPS} presses of Tab`)
}

async function seek(page: Page, words: string) {
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Go to or do' })).toBeFocused()
  await page.keyboard.type(words)
  await expect(page.getByRole('listbox', { name: 'Found' }).getByRole('option').first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: 'Go to or do' })).toHaveCount(0)
}

test('from the sign-in to a chart, the settings and out again without a mouse', async ({ page }) => {
  const found = complaints(page)
  const guest = (await resources(lab)).find((row) => row.type === 'qemu' && row.status === 'running')
  await page.goto(server.url)
  await tabTo(page, page.getByLabel('User'))
  await page.keyboard.type(admin.user)
  await tabTo(page, page.getByLabel('Password'))
  await page.keyboard.type(admin.password)
  await page.keyboard.press('Enter')
  await expect(live(page)).toHaveText('Live')

  const search = page.getByRole('searchbox', { name: 'Search guests' })
  await expect(search).toBeVisible()
  await page.keyboard.press('/')
  await expect(search).toBeFocused()
  expect(await focusFault(page)).toBeNull()
  await page.keyboard.type(String(guest?.vmid))
  const list = page.getByRole('listbox', { name: 'Guests' })
  await tabTo(page, list)
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`${server.url}/c/lab/guest/${guest?.vmid}`)
  await expect(page.locator('.detail h1')).toHaveText(guest?.name ?? '')

  const range = page.getByRole('group', { name: 'Range' })
  await tabTo(page, range.getByRole('radio', { name: 'hour' }))
  await page.keyboard.press('ArrowRight')
  await expect(range.getByRole('radio', { name: 'day' })).toBeChecked()
  await expect(range.getByRole('radio', { name: 'day' })).toBeFocused()
  expect(await focusFault(page)).toBeNull()
  await expect(page.locator('.history-charts').or(page.getByText('Nothing recorded'))).toBeVisible()

  await seek(page, 'settings')
  await expect(page).toHaveURL(/\/settings/)
  await tabTo(page, page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Account' }))
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`${server.url}/settings/account`)
  await expect(page.getByRole('heading', { name: 'Where you are signed in' })).toBeVisible()

  const menu = page.getByRole('button', { name: /Signed in as/ })
  await tabTo(page, menu)
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('button', { name: 'Sign out' }))
  await page.keyboard.press('Escape')
  await expect(menu).toBeFocused()
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('button', { name: 'Sign out' }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  expect(found).toEqual([])
})

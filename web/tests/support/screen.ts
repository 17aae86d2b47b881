import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { admin } from './stack.ts'

export async function signIn(page: Page, url: string, path = '/', as = admin): Promise<void> {
  await page.goto(url + path)
  await page.getByLabel('User').fill(as.user)
  await page.getByLabel('Password').fill(as.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  const screen = page.getByTestId('live')
  const anyway = page.getByRole('button', { name: 'Continue anyway' })
  await expect(screen.or(anyway)).toBeVisible()
  if (await anyway.isVisible()) await anyway.click()
  await expect(screen).toBeVisible()
}

/** Neither a part of the page nor what it asked for is still awaited. */
export async function loaded(page: Page): Promise<void> {
  await expect(page.locator('main').first()).toBeVisible()
  await expect(page.locator('main[aria-busy="true"]')).toHaveCount(0)
  await expect(page.locator('.loading')).toHaveCount(0)
}

export const live = (page: Page) => page.getByTestId('live')

/** Collects what the page complains about; a refused or dropped request is the browser's line, not ours. */
export function complaints(page: Page): string[] {
  const found: string[] = []
  page.on('pageerror', (error) => found.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection to/.test(message.text()))
      found.push(message.text())
  })
  return found
}

export interface ShownGuest {
  readonly vmid: string
  readonly state: string
  readonly text: string
}

/** Every guest in the list, read as a person would: by scrolling through it. */
export async function shownGuests(page: Page): Promise<ReadonlyMap<number, ShownGuest>> {
  const list = page.getByRole('listbox', { name: 'Guests' })
  const found = new Map<number, ShownGuest>()
  const { height, step } = await list.evaluate((box) => ({
    height: box.scrollHeight,
    step: box.clientHeight,
  }))
  for (let top = 0; top < height; top += step) {
    await list.evaluate(async (box, at) => {
      box.scrollTop = at
      await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))
    }, top)
    const rows = await list.locator('.guest').evaluateAll((all) =>
      all.map((row) => ({
        vmid: row.getAttribute('data-vmid') ?? '',
        state: row.getAttribute('data-state') ?? '',
        text: row.textContent ?? '',
      })),
    )
    for (const row of rows) found.set(Number(row.vmid), row)
  }
  return found
}

/** Fails with every violation that axe finds, once nothing fades in or out any more. */
export async function check(page: Page, where: string): Promise<void> {
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(ending.map((animation) => animation.finished))
  })
  const { violations } = await new AxeBuilder({ page }).analyze()
  const found = violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`))
  expect(found, where).toEqual([])
}

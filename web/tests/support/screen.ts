import { expect, type Page } from '@playwright/test'
import { admin } from './stack.ts'

export async function signIn(page: Page, url: string, path = '/'): Promise<void> {
  await page.goto(url + path)
  await page.getByLabel('User').fill(admin.user)
  await page.getByLabel('Password').fill(admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByTestId('live')).toBeVisible()
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

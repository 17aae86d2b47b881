import { join, resolve } from 'node:path'
import type { Page } from '@playwright/test'

const folder = process.env.JARVIS_SHOTS ?? resolve(import.meta.dirname, '../../../shots')

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
]

/** The same state at every size; `section` is what a narrow screen has to show. */
export async function shoot(page: Page, name: string, section?: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size)
    const narrow = size.width < 768 && section !== undefined
    const choose = (text: string) =>
      page.getByRole('navigation', { name: 'Sections' }).getByText(text).click()
    if (narrow) await choose(section)
    await page.waitForTimeout(700)
    await page.screenshot({ path: join(folder, `${name}-${size.width}x${size.height}.png`) })
    if (narrow) await choose('Overview')
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

import { join, resolve } from 'node:path'
import type { Page } from '@playwright/test'

const folder = process.env.JARVIS_SHOTS ?? resolve(import.meta.dirname, '../../../shots')

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
]

/** More than this much below the fold deserves a picture of its own. */
const FOLD = 60
const TALLEST = 4_000

/** How far the page itself, or the dialog over it, can be scrolled; lists and tables within it don't count. */
const hidden = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const scrolls = (box: Element) => /auto|scroll/.test(getComputedStyle(box).overflowY)
    const over = document.querySelector('dialog[open]')
    const rest = [...(over ?? document).querySelectorAll('*'), ...(over ? [over] : [])]
      .filter((box) => scrolls(box) && !box.closest('.panel-body, .table-box, pre'))
      .map((box) => box.scrollHeight - box.clientHeight)
    return Math.max(0, ...rest)
  })

/** The same state at every size; `section` is what a narrow screen has to show. */
export async function shoot(page: Page, name: string, section?: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size)
    const narrow = size.width < 768 && section !== undefined
    const choose = (text: string) =>
      page.getByRole('navigation', { name: 'Sections' }).getByText(text).click()
    if (narrow) await choose(section)
    await page.waitForTimeout(700)
    const picture = `${name}-${size.width}x${size.height}`
    await page.screenshot({ path: join(folder, `${picture}.png`) })
    const more = await hidden(page)
    if (more > FOLD) {
      await page.setViewportSize({ width: size.width, height: Math.min(TALLEST, size.height + more + 80) })
      await page.waitForTimeout(400)
      await page.screenshot({ path: join(folder, `${picture}-whole.png`) })
    }
    if (narrow) await choose('Overview')
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

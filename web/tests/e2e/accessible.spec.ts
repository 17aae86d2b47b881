import { expect, test } from '@playwright/test'
import { resources } from '../support/proxmox.ts'
import { check, live, signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'

let lab: Simulator
let server: Server

test.beforeAll(async () => {
  lab = await Simulator.start('--scenario', 'homelab')
  server = await Server.start([{ key: 'home', name: 'Home lab', simulator: lab }])
})

test.afterAll(async () => {
  await server?.stop()
  await lab?.stop()
})

for (const size of [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
]) {
  test(`axe finds nothing at ${size.width}×${size.height}`, async ({ page }) => {
    await page.setViewportSize(size)
    await page.goto(server.url)
    await expect(page.getByLabel('User')).toBeVisible()
    await check(page, 'sign-in')
    await signIn(page, server.url)
    await expect(live(page)).toHaveText('Live')
    await expect(page.getByTestId('health')).toBeVisible()
    await check(page, 'overview')
    for (const section of size.width < 768 ? ['Nodes', 'Guests', 'Storage'] : []) {
      await page.getByRole('navigation', { name: 'Sections' }).getByText(section).click()
      await check(page, section)
    }
    const all = await resources(lab)
    const guest = all.find((row) => row.type === 'qemu')
    const node = all.find((row) => row.type === 'node')
    for (const path of ['feed', `node/${node?.node}`, `guest/${guest?.vmid}`, 'guest/99999', 'nowhere']) {
      await page.goto(`${server.url}/c/home/${path}`)
      await expect(live(page)).toHaveText('Live')
      await expect(page.locator('.centre [role=status] + i')).toHaveCount(0)
      await check(page, path)
    }
    await page.goto(`${server.url}/c/home`)
    await expect(live(page)).toHaveText('Live')
    await page.getByRole('button', { name: /Signed in as/ }).click()
    await check(page, 'user menu')
  })
}

test('the whole page is reached by keyboard, and nothing moves for those who ask for stillness', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live')
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
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

import { expect, test } from '@playwright/test'
import { complaints, live, signIn } from '../support/screen.ts'
import { admin, Server, Simulator } from '../support/stack.ts'

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

test('a wrong password is refused in words and can be tried again', async ({ page }) => {
  await page.goto(server.url)
  await page.getByLabel('User').fill(admin.user)
  await page.getByLabel('Password').fill('nonsense')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toContainText(/password/i)
  await page.getByLabel('Password').fill(admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(live(page)).toHaveText('Live')
})

test('a reload keeps the session, and no token lies where a script could read it', async ({ page }) => {
  const found = complaints(page)
  const sockets: string[] = []
  page.on('websocket', (socket) => sockets.push(socket.url()))
  await signIn(page, server.url)
  await page.reload()
  await expect(live(page)).toHaveText('Live')
  const kept = await page.evaluate(
    () => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie,
  )
  expect(kept).not.toMatch(/eyJ/)
  expect(sockets.length).toBeGreaterThan(1)
  for (const url of sockets) expect(url).not.toMatch(/access_token|eyJ/)
  expect(found).toEqual([])
})

test('a session that ends brings the sign-in, and after it the same page', async ({ page }) => {
  await signIn(page, server.url, '/c/lab/feed')
  await expect(live(page)).toHaveText('Live')
  const status = await page.evaluate(async () => (await fetch('/api/auth/logout', { method: 'POST' })).status)
  expect(status).toBe(204)
  await expect(page.getByText('Your session has ended.')).toBeVisible()
  await page.getByLabel('User').fill(admin.user)
  await page.getByLabel('Password').fill(admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(live(page)).toHaveText('Live')
  await expect(page).toHaveURL(/\/c\/lab\/feed$/)
})

test('signing out ends the session', async ({ page }) => {
  await signIn(page, server.url)
  await page.getByRole('button', { name: /Signed in as/ }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByLabel('Password')).toBeVisible()
  await page.reload()
  await expect(page.getByLabel('Password')).toBeVisible()
})

test('the page runs under a policy without inline scripts, and needs none', async ({ page }) => {
  const violations: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) violations.push(message.text())
  })
  const answer = await page.goto(server.url)
  const policy = answer?.headers()['content-security-policy'] ?? ''
  expect(policy).toContain("script-src 'self'")
  expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/)
  await signIn(page, server.url)
  await expect(page.locator('.bar-fill').first()).toBeVisible()
  expect(violations).toEqual([])
})

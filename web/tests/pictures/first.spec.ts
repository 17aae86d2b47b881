import { test } from '@playwright/test'
import { signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'

test('look', async ({ page }) => {
  page.on('console', (m) => process.stdout.write(`${m.type()}: ${m.text()}\n`))
  page.on('pageerror', (m) => process.stdout.write(`ERR: ${m.message}\n`))
  const sim = await Simulator.start('--scenario', 'fleet', '--nodes', '3', '--guests', '40')
  const server = await Server.start([{ key: 'home', name: 'Home lab', simulator: sim }])
  await signIn(page, server.url)
  await page.waitForTimeout(14000)
  await page.screenshot({ path: '/tmp/shots/first.png' })
  await server.stop()
  await sim.stop()
})

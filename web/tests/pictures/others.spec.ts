import { expect, test } from '@playwright/test'
import { powerlessToken } from '../support/proxmox.ts'
import { live, signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'
import { shoot } from './shoot.ts'

test.describe.configure({ timeout: 300_000 })

test('two clusters, one of them in trouble', async ({ page }) => {
  const [east, west] = [
    await Simulator.start('--scenario', 'homelab'),
    await Simulator.start('--scenario', 'three-nodes'),
  ]
  const server = await Server.start([
    { key: 'home', name: 'Home lab', simulator: east },
    { key: 'office', name: 'Office', simulator: west },
  ])
  await west.fault('quorum-lost', 'cluster')
  await signIn(page, server.url, '/c/office')
  await page.waitForTimeout(12_000)
  await shoot(page, 'two-clusters')
  await server.stop()
  await Promise.all([east.stop(), west.stop()])
})

test('a token without rights', async ({ page }) => {
  const lab = await Simulator.start('--scenario', 'three-nodes')
  const server = await Server.start([
    { key: 'lab', name: 'Lab', simulator: lab, token: await powerlessToken(lab) },
  ])
  await signIn(page, server.url)
  await expect(page.getByText('Cannot see guests', { exact: true }).first()).toBeVisible()
  await shoot(page, 'no-rights', 'Guests')
  await shoot(page, 'no-rights-overview')
  await server.stop()
  await lab.stop()
})

test('a fleet', async ({ page }) => {
  const fleet = await Simulator.start(
    '--scenario',
    'fleet',
    '--nodes',
    '40',
    '--guests',
    '2000',
    '--single-endpoint',
  )
  const server = await Server.start([{ key: 'fleet', name: 'Fleet', simulator: fleet }])
  await signIn(page, server.url)
  await expect(live(page)).toHaveText('Live', { timeout: 60_000 })
  await page.waitForTimeout(25_000)
  await shoot(page, 'fleet', 'Guests')
  await server.stop()
  await fleet.stop()
})

test('before anything has arrived', async ({ page }) => {
  const lab = await Simulator.start('--scenario', 'three-nodes')
  await lab.fault('slow', '*', { seconds: '12' })
  const server = await Server.start([{ key: 'lab', name: 'Lab', simulator: lab }])
  await signIn(page, server.url)
  await shoot(page, 'loading')
  await server.stop()
  await lab.stop()
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { press } from '../support/connect.ts'
import { check, live } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'

test('with a database that cannot be opened the console lets one in, and the live view says it has no memory', async ({
  page,
}) => {
  const data = mkdtempSync(join(tmpdir(), 'jarvis-e2e-broken-'))
  writeFileSync(join(data, 'jarvis.db'), 'This is no database. '.repeat(1_000), { mode: 0o600 })
  const lab = await Simulator.start('--scenario', 'three-nodes')
  const server = await Server.start(
    [{ key: 'lab', name: 'Lab', simulator: lab }],
    { Jarvis__Data__Folder: data },
    false,
  )
  await page.goto(server.url)
  await page.getByLabel('User').fill('admin')
  await page.getByLabel('Password').fill('whatever it was')
  await press(page, 'Sign in')
  await expect(page.getByRole('alert')).toContainText('one-time code on its console')
  const printed = /^\s+(\S+)\n\s+((?:[0-9A-Z]{5}-){4}[0-9A-Z]{5})$/m
  await expect.poll(() => server.said).toMatch(printed)
  const [, user = '', code = ''] = printed.exec(server.said) ?? []

  const enter = async () => {
    await page.getByLabel('User').fill(user)
    await page.getByLabel('Password').fill(code)
    await press(page, 'Sign in')
  }
  await enter()
  await press(page, 'Continue anyway')
  await expect(live(page)).toHaveText('Live')
  await expect(page.getByText('No memory.')).toBeVisible()
  await expect(page.locator('.guest[data-state="running"]').first()).toBeVisible()
  await check(page, 'without a database')

  const guest = page.locator('.guest[data-state="running"]').first()
  const vmid = (await guest.getAttribute('data-vmid')) ?? ''
  await lab.fault('guest-crash', vmid)
  await expect(page.locator(`.guest[data-vmid="${vmid}"]`)).toHaveAttribute('data-state', 'stopped', {
    timeout: 40_000,
  })

  await page.getByRole('button', { name: /Signed in as/ }).click()
  await press(page, 'Sign out')
  await enter()
  await expect(page.getByRole('alert')).toBeVisible()
  await server.stop()
  await lab.stop()
  rmSync(data, { recursive: true, force: true })
})

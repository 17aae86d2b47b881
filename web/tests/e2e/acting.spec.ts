import { expect, type Page, test } from '@playwright/test'
import { ask, resources } from '../support/proxmox.ts'
import { check, signIn } from '../support/screen.ts'
import { send } from '../support/send.ts'
import { admin, Server, Simulator } from '../support/stack.ts'

let lab: Simulator
let server: Server

test.beforeEach(async () => {
  lab = await Simulator.start('--scenario', 'three-nodes')
  server = await Server.start([{ key: 'lab', name: 'Lab', simulator: lab }])
})

test.afterEach(async () => {
  await server?.stop()
  await lab?.stop()
})

/** As Proxmox itself has it. */
const statuses = async () =>
  Object.fromEntries(
    (await resources(lab)).flatMap(({ vmid, status }) => (vmid === undefined ? [] : [[vmid, status]])),
  )
const dialog = (page: Page) => page.getByRole('dialog')
const waits = (tool: string, guest: number) =>
  server.api<{ approval: { id: string } }>('/api/tools/execute', { tool, args: { guest } })

test('what does harm is done once its plan was read and agreed to, and nothing else', async ({ page }) => {
  const before = await statuses()
  await signIn(page, server.url, '/c/lab/guest/104')
  const stop = page.getByRole('group', { name: /can be done to ci/ }).getByRole('button', { name: 'Stop' })
  await stop.click()
  await expect(dialog(page)).toContainText('VM 104 (ci) on pve3 is stopped hard.')
  await expect(dialog(page)).toContainText('what the guest has not written is lost')
  await check(page, 'the plan of a red call')
  await dialog(page).getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog(page)).toHaveCount(0)
  expect(await statuses()).toEqual(before)

  await stop.click()
  await dialog(page).getByRole('button', { name: 'Do it' }).click()
  await expect(page.getByText('Done.')).toBeVisible({ timeout: 20_000 })
  await expect.poll(statuses, { timeout: 20_000 }).toEqual({ ...before, 104: 'stopped' })
  await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeVisible({ timeout: 20_000 })
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await expect.poll(statuses, { timeout: 20_000 }).toEqual(before)
})

test('a call that waits is denied, approved, or found to be about what is no longer so', async ({ page }) => {
  const before = await statuses()
  await signIn(page, server.url, '/c/lab')
  const panel = page.getByRole('region', { name: 'Approvals' })
  await expect(panel).toContainText('Nothing waits for you.')

  const denied = await waits('stop_vm', 104)
  await panel.getByRole('button', { name: 'Decide' }).click()
  await dialog(page).getByRole('button', { name: 'Deny' }).click()
  await dialog(page).getByLabel('Reason').fill('not now')
  await dialog(page).getByRole('button', { name: 'Deny it' }).click()
  await expect(dialog(page)).toHaveCount(0)
  await expect(panel).toContainText('Nothing waits for you.')
  expect(
    await server.api<{ state: string; reason: string }>(`/api/approvals/${denied.approval.id}`),
  ).toMatchObject({ state: 'denied', reason: 'not now' })
  expect(await statuses()).toEqual(before)

  await waits('stop_container', 103)
  await panel.getByRole('button', { name: 'Decide' }).click()
  await ask(lab, 'PUT', '/nodes/pve2/lxc/103/config', { cores: '3' })
  const [refused] = await Promise.all([
    page.waitForResponse((answer) => answer.url().endsWith('/decide')),
    dialog(page).getByRole('button', { name: 'Approve' }).click(),
  ])
  expect([refused.status(), ((await refused.json()) as { code: string }).code]).toEqual([409, 'DENY_STATE'])
  await expect(dialog(page).getByText(/Nothing was done|decided meanwhile/)).toBeVisible()
  expect(await statuses()).toEqual(before)
  await page.keyboard.press('Escape')

  await waits('stop_container', 101)
  await panel.getByRole('button', { name: 'Decide' }).click()
  await check(page, 'a call that waits')
  await dialog(page).getByRole('button', { name: 'Approve' }).click()
  await expect.poll(statuses, { timeout: 20_000 }).toEqual({ ...before, 101: 'stopped' })
  await expect(panel).toContainText('Nothing waits for you.')
})

test('power over a node is had with the right keyword alone', async ({ page }) => {
  const word = 'correct horse'
  const booted = async () => {
    const { uptime } = await ask<{ uptime: number }>(lab, 'GET', '/nodes/pve2/status')
    return uptime
  }
  const before = await statuses()
  await send(server, 'PUT', '/api/keyword', { password: admin.password, keyword: word })
  await signIn(page, server.url, '/c/lab/node/pve2')
  await page.getByRole('button', { name: 'Restart the node' }).click()
  await expect(dialog(page)).toContainText('2 guests that run on it are shut down before')
  await expect(dialog(page)).toContainText('starts again with the node')
  await dialog(page).getByRole('button', { name: 'Go on to the keyword' }).click()
  const keyword = dialog(page).getByLabel('Approval keyword')
  await keyword.fill('wrong horse')
  await check(page, 'the keyword of an orange call')
  const up = await booted()
  await dialog(page).getByRole('button', { name: 'Approve' }).click()
  await expect(dialog(page).getByRole('alert')).toContainText('keyword')
  await expect(keyword).toHaveValue('')
  expect(await booted()).toBeGreaterThanOrEqual(up)
  expect(await statuses()).toEqual(before)

  await keyword.fill(word)
  await dialog(page).getByRole('button', { name: 'Approve' }).click()
  await expect(dialog(page)).toHaveCount(0)
  await expect(page.getByText('pve2 is down.')).toBeVisible({ timeout: 40_000 })
  const nodes = await ask<{ node: string; status: string }[]>(lab, 'GET', '/nodes')
  expect(nodes.filter(({ status }) => status !== 'online').map(({ node }) => node)).toEqual(['pve2'])
  expect(await page.content()).not.toContain(word)
})

// A minute is the least that a call waits.
if (process.env.JARVIS_LONG)
  test('a call that nobody decided about expires before their eyes, and nothing is done', async ({
    page,
  }) => {
    const before = await statuses()
    const brief = await Server.start([{ key: 'lab', name: 'Lab', simulator: lab }], {
      Jarvis__Safety__ApprovalMinutes: '1',
    })
    try {
      await signIn(page, brief.url, '/c/lab')
      const { approval } = await brief.api<{ approval: { id: string } }>('/api/tools/execute', {
        tool: 'stop_vm',
        args: { guest: 104 },
      })
      await page.getByRole('region', { name: 'Approvals' }).getByRole('button', { name: 'Decide' }).click()
      await expect(dialog(page).getByRole('button', { name: 'Approve' })).toBeVisible()
      await expect(dialog(page)).toContainText('Its time to be approved is over; nothing was done.', {
        timeout: 75_000,
      })
      await expect(dialog(page).getByRole('button', { name: 'Approve' })).toHaveCount(0)
      await check(page, 'a call that has expired')
      expect(await brief.api<{ state: string }>(`/api/approvals/${approval.id}`)).toMatchObject({
        state: 'expired',
      })
      expect(await statuses()).toEqual(before)
    } finally {
      await brief.stop()
    }
  })

test('the kill switch stops all that waits, for as long as it is on', async ({ page }) => {
  const before = await statuses()
  await signIn(page, server.url, '/c/lab/guest/104')
  const waiting = [await waits('stop_vm', 104), await waits('stop_container', 103)]
  const states = () =>
    Promise.all(
      waiting.map(({ approval }) => server.api<{ state: string }>(`/api/approvals/${approval.id}`)),
    ).then((all) => all.map(({ state }) => state))
  await page
    .getByRole('region', { name: 'Approvals' })
    .getByRole('button', { name: 'Decide' })
    .first()
    .click()
  await expect(dialog(page).getByRole('button', { name: 'Approve' })).toBeVisible()
  await send(server, 'PUT', '/api/monitor/killswitch', { active: true })
  await expect(dialog(page)).toContainText('The kill switch was turned on, which denies what waits')
  await expect(dialog(page).getByRole('button', { name: 'Approve' })).toHaveCount(0)
  expect(await states()).toEqual(['denied', 'denied'])
  await expect(
    send(server, 'POST', `/api/approvals/${waiting[1]?.approval.id}/decide`, { decision: 'approve' }),
  ).rejects.toThrow(/DENY_/)
  expect(await statuses()).toEqual(before)
  await send(server, 'PUT', '/api/monitor/killswitch', { active: false })
  await page.keyboard.press('Escape')

  waiting.splice(0, 2, await waits('stop_vm', 104))
  await page.getByRole('button', { name: 'Kill switch, off' }).click()
  const hold = page.getByRole('button', { name: 'Hold to stop everything' })
  await hold.hover()
  await page.mouse.down()
  await expect(page.getByText('The kill switch is on.')).toBeVisible()
  await page.mouse.up()
  await check(page, 'the kill switch on')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('region', { name: 'Approvals' })).toContainText('Nothing waits for you.')
  expect(await states()).toEqual(['denied'])
  expect(await statuses()).toEqual(before)
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeDisabled()

  await page.getByRole('button', { name: 'Kill switch, on' }).click()
  await page.getByRole('button', { name: 'Hold to let it go on' }).hover()
  await page.mouse.down()
  await expect(page.getByText('The kill switch is on.')).toHaveCount(0)
  await page.mouse.up()
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeEnabled()
})

test('a change is made with the form of its tool, after a snapshot, and taken back', async ({ page }) => {
  const cores = async () => (await ask<{ cores: number }>(lab, 'GET', '/nodes/pve3/qemu/104/config')).cores
  const before = await cores()
  await signIn(page, server.url, '/c/lab/guest/104')
  await page.getByText('More', { exact: true }).click()
  await check(page, 'what else can be done')
  await page.getByRole('link', { name: 'Change…' }).click()
  await expect(page.getByLabel('Guest', { exact: true })).toHaveValue('104')
  await page.getByLabel('Cores (optional)').fill(String(before + 1))
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(dialog(page)).toContainText('snapshot')
  await dialog(page).getByRole('button', { name: 'Do it' }).click()
  await page.getByRole('button', { name: 'Undo' }).click({ timeout: 30_000 })
  expect(await cores()).toBe(before + 1)
  await dialog(page).getByRole('button', { name: 'Do it' }).click()
  await expect.poll(cores, { timeout: 30_000 }).toBe(before)

  await page.goto(`${server.url}/c/lab/guest/104/backups`)
  await page.getByRole('button', { name: 'Back up' }).click()
  const toasts = page.locator('[data-sonner-toast]')
  await expect(toasts.filter({ hasText: 'Back up ci (104)' })).toContainText(/Under way….*GiB of/, {
    timeout: 30_000,
  })
  await page.reload()
  const toast = toasts.filter({ hasText: 'backup_guest: guest 104 of lab' })
  await expect(toast).toContainText(/Under way….*GiB of/)
  await toast.getByRole('button', { name: 'Cancel' }).click()
  await expect(toast).toContainText('admin cancelled it')
  await toast.getByRole('link', { name: 'In the audit' }).click()
  const rows = page.getByRole('list', { name: 'Rows of the audit' }).getByRole('listitem')
  await expect(rows.first()).toContainText('backup_guest intent')
  await expect(rows.filter({ hasText: 'backup_guest outcome' }).getByLabel('not known')).toBeVisible()
})

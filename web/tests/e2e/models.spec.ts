import type { LLMock } from '@copilotkit/aimock'
import { expect, type Page, test } from '@playwright/test'
import { claude, NOWHERE, qwen, startModels } from '../support/models.ts'
import { resources } from '../support/proxmox.ts'
import { check, signIn } from '../support/screen.ts'
import { Server, Simulator } from '../support/stack.ts'

let lab: Simulator
let models: LLMock
let server: Server

test.beforeAll(async () => {
  ;[lab, models] = await Promise.all([Simulator.start('--scenario', 'three-nodes'), startModels()])
  server = await start({ ...claude(models.url), ...qwen(models.url) })
})

test.afterAll(async () => {
  await server?.stop()
  await models?.stop()
  await lab?.stop()
})

test.beforeEach(() => void models.reset())

const start = (settings: Record<string, string>) =>
  Server.start([{ key: 'lab', name: 'Lab', simulator: lab }], settings)
const statuses = async () =>
  Object.fromEntries(
    (await resources(lab)).flatMap(({ vmid, status }) => (vmid === undefined ? [] : [[vmid, status]])),
  )
const log = (page: Page) => page.getByRole('log')
const ask = async (page: Page, words: string, who?: string) => {
  if (who) await page.getByLabel('Who answers').selectOption(who)
  await page.getByLabel('Message').fill(words)
  await page.getByLabel('Message').press('Enter')
}

test('a model calls, a person decides in the chat, and what became of it is told and commented', async ({
  page,
}) => {
  models
    .on(
      { userMessage: 'dust', hasToolResult: false },
      {
        content: 'I see to it.',
        toolCalls: [{ id: 'call_1', name: 'shutdown_vm', arguments: { guest: 104 } }],
      },
    )
    .on({ userMessage: 'dust', hasToolResult: true }, { content: 'It waits for **your** word.' })
    .on({ userMessage: /Told by the server/ }, { content: 'The machine is down; dust away.' })
  const before = await statuses()
  await signIn(page, server.url, '/chat')
  await ask(page, 'please shut down vm 104, I want to dust it', 'Claude')
  await expect(log(page)).toContainText('It waits for your word.')
  await expect(log(page).getByText('waits for consent')).toBeVisible()
  expect(await statuses()).toEqual(before)
  await check(page, 'a call that waits in the chat')
  await log(page).getByRole('button', { name: 'Decide' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
  await expect.poll(statuses, { timeout: 30_000 }).toEqual({ ...before, 104: 'stopped' })
  await expect(log(page)).toContainText('approved it. Done')
  await expect(log(page)).toContainText('The machine is down; dust away.')
})

test('a reload in mid-answer loses nothing, two tabs see the same, and a stop ends it', async ({
  page,
  context,
}) => {
  const tale = Array.from({ length: 40 }, (_, i) => `word${i}`).join(' ')
  models
    .onMessage('a tale', { content: tale }, { chunkSize: 7, latency: 60 })
    .onMessage('endless', { content: `${tale} ${tale} ${tale}` }, { chunkSize: 7, latency: 100 })
  await signIn(page, server.url, '/chat')
  await ask(page, 'spin me a tale', 'Claude')
  await expect(log(page)).toContainText('word3')
  await page.reload()
  await expect(log(page)).toContainText('word6')
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(log(other)).toContainText('spin me a tale')
  for (const each of [page, other]) {
    await expect(log(each)).toContainText(tale)
    await expect(each.getByRole('button', { name: 'Ask again' })).toBeVisible()
    expect(await log(each).getByText('spin me a tale').count()).toBe(1)
    expect(await log(each).getByText('word0 word1').count()).toBe(1)
  }

  await ask(other, 'an endless one')
  await expect(log(page)).toContainText('an endless one')
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible()
  const began = Date.now()
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(log(other).getByText('stopped', { exact: true })).toBeVisible()
  expect(Date.now() - began).toBeLessThan(2_000)
  await expect(log(page).getByText('stopped', { exact: true })).toBeVisible()
  await other.close()
})

test('what was only mused about is offered, and done by the button', async ({ page }) => {
  models
    .on(
      { userMessage: 'lonely', hasToolResult: false },
      { toolCalls: [{ id: 'call_2', name: 'start_vm', arguments: { guest: 105 } }] },
    )
    .on({ userMessage: 'lonely', hasToolResult: true }, { content: 'I have started vm 105.' })
  const before = await statuses()
  await signIn(page, server.url, '/chat')
  await ask(page, 'I think the thing numbered 105 feels lonely', 'Claude')
  await expect(page.getByRole('button', { name: 'Yes, do it' })).toBeVisible()
  await expect(log(page)).toContainText('Nothing here shows that this was done')
  await check(page, 'an offer and a claim')
  expect(await statuses()).toEqual(before)
  await page.getByRole('button', { name: 'Yes, do it' }).click()
  await expect.poll(statuses, { timeout: 20_000 }).toEqual({ ...before, 105: 'running' })
})

test('Markdown is drawn and fetches nothing; a conversation is found, named, taken along and dropped', async ({
  page,
}) => {
  models.onMessage('markdown', {
    content:
      '# Head\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```sh\nqm list\n```\n\n![spy](http://192.0.2.1/p.png)\n\n[there](http://192.0.2.1/x)',
  })
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await signIn(page, server.url, '/chat')
  await ask(page, 'some markdown', 'Claude')
  await expect(log(page).getByRole('table')).toBeVisible()
  await expect(log(page).getByRole('button', { name: 'Copy' })).toBeVisible()
  await expect(log(page)).toContainText('[picture: spy]')
  expect(asked.filter((url) => url.includes('192.0.2.1'))).toEqual([])
  await check(page, 'Markdown')

  const list = page.getByRole('navigation', { name: 'Conversations' })
  await list.getByRole('searchbox').fill('qm list')
  await expect(list.getByRole('link', { name: 'some markdown' })).toBeVisible()
  await expect(list.getByRole('listitem')).toHaveCount(1)
  await list.getByRole('button', { name: 'Rename' }).click()
  await list.getByLabel('Title').fill('Marks')
  await list.getByRole('button', { name: 'Save' }).click()
  await expect(list.getByRole('link', { name: 'Marks' })).toBeVisible()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    list.getByRole('button', { name: 'Export' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('Marks.md')
  await list.getByRole('button', { name: 'Delete “Marks”' }).click()
  await expect(list.getByRole('link', { name: 'Marks' })).toHaveCount(0)
  await expect(page).toHaveURL(`${server.url}/chat`)
})

test('without money the one that costs nothing answers, with tools, and says why', async ({ page }) => {
  models
    .on(
      { userMessage: 'hum', hasToolResult: false },
      { toolCalls: [{ id: 'call_3', name: 'inspect', arguments: { name: '104' } }] },
    )
    .on({ userMessage: 'hum', hasToolResult: true }, { content: 'It hums along.' })
  const poor = await start({
    ...claude(models.url),
    ...qwen(models.url),
    Jarvis__Agent__DailyUsd: '0',
  })
  try {
    await signIn(page, poor.url, '/chat')
    await ask(page, 'does the thing called vm 104 hum nicely?')
    await expect(log(page)).toContainText('It hums along.')
    await expect(log(page).getByText('Get guest status')).toBeVisible()
    await log(page).getByText('Qwen', { exact: true }).click()
    await expect(log(page)).toContainText('Claude was not asked')
  } finally {
    await poor.stop()
  }
})

test('with a wrong key and nobody else there it is said plainly, and the built-in understanding answers', async ({
  page,
}) => {
  const wrong = await start({ ...claude(models.url, 'sk-wrong'), ...qwen(NOWHERE) })
  try {
    await signIn(page, wrong.url, '/chat')
    await ask(page, 'does the thing called vm 104 hum nicely?')
    await log(page).getByText('built-in', { exact: true }).last().click()
    await expect(log(page)).toContainText('key')
    await expect(log(page)).toContainText('Qwen cannot be reached')
  } finally {
    await wrong.stop()
  }
})

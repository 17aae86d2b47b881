import { expect, type Page } from '@playwright/test'
import type { Simulator } from './stack.ts'

export const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

/** From an address to a certificate that was compared with the one that the cluster really has. */
export async function trust(page: Page, { ready }: Simulator): Promise<void> {
  await page.getByLabel('Address of any node').fill(ready.endpoints[0] ?? '')
  await press(page, 'Find it')
  await expect(page.getByTestId('fingerprint')).toHaveText(
    // The screen breaks it in two lines, as the node's own page does.
    (Object.values(ready.fingerprints)[0] ?? '').replace(/^((?:..:){15}..):/, '$1'),
  )
  await expect(page.getByRole('button', { name: 'Trust it' })).toBeDisabled()
  await page.getByLabel(/I compared it/).check()
  await press(page, 'Trust it')
}

export async function connectCluster(page: Page, simulator: Simulator, name: string): Promise<void> {
  await press(page, 'Connect a cluster')
  await trust(page, simulator)
  await page.getByLabel('API token').fill(simulator.ready.token)
  await press(page, 'Test it')
  await page.getByLabel('Name on screen').fill(name)
  await press(page, 'Add the cluster')
  await expect(
    page.getByRole('list', { name: 'Clusters' }).getByRole('listitem').filter({ hasText: name }),
  ).toContainText(/live/)
}

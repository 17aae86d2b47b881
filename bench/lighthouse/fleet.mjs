// What the screen costs at 5 000 guests, as its own journey measures it.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './stack.mjs'

const everyTest = (suite) => [...(suite.specs ?? []).flatMap(({ tests }) => tests), ...(suite.suites ?? []).flatMap(everyTest)]

export function measureFleet() {
  const { stdout, status } = spawnSync('npx', ['playwright', 'test', '--project=measured', '--reporter=json'], {
    cwd: join(root, 'web'),
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
    env: { ...process.env, JARVIS_CONFIGURATION: 'release_linux-x64' },
  })
  const rows = JSON.parse(stdout)
    .suites.flatMap(everyTest)
    .flatMap(({ results }) => results.at(-1)?.annotations ?? [])
    .filter(({ type }) => type === 'figure')
    .map(({ description }) => description.split('\t'))
  for (const row of rows) console.log(`  ${row.join('  ')}`)
  if (status !== 0) console.error('the journey with 5 000 guests failed; run it in web/: npx playwright test --project=measured')
  return { rows, failed: status !== 0 }
}

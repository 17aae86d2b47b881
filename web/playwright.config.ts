import { defineConfig } from '@playwright/test'

export default defineConfig({
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 2,
  forbidOnly: true,
  reporter: 'list',
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--no-first-run',
        '--disable-sync',
        '--disable-component-update',
      ],
    },
  },
  projects: [
    { name: 'e2e', testDir: 'tests/e2e' },
    // By the clock, so with nothing of ours beside them.
    { name: 'measured', testDir: 'tests/measured', workers: 1 },
    { name: 'newcomer', testDir: 'tests/newcomer', workers: 1 },
    { name: 'shots', testDir: 'tests/pictures', workers: 1 },
  ],
})

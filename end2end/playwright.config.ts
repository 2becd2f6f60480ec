// How stories run: a Chromium of the machine, one at a time, each project with its own server.
import { defineConfig, devices } from '@playwright/test';

const inCi = Boolean(process.env['CI']);

export default defineConfig({
  testDir: '.',
  outputDir: 'test-results',
  workers: 1,
  retries: 0,
  forbidOnly: inCi,
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: 'list',
  use: {
    ...devices['Desktop Chrome'],
    launchOptions: {
      executablePath: process.env['RETRIAL_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--headless',
        '--no-sandbox', // CI runs as root, where Chromium has no sandbox
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    actionTimeout: 10_000,
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'js', testMatch: /(stories|bugs)\/.*\.spec\.ts/, testIgnore: /\.nojs\.spec\.ts/ },
    {
      name: 'nojs',
      testMatch: /(stories|bugs)\/.*\.nojs\.spec\.ts/,
      use: { javaScriptEnabled: false },
    },
    // Pictures for people, only when asked for: RETRIAL_SHOTS="/setup /login" npx playwright test
    ...(process.env['RETRIAL_SHOTS'] === undefined ? [] : [{ name: 'shots', testMatch: /shots\.ts/ }]),
  ],
});

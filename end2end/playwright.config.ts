// How stories run: a Chromium of the machine, two files at a time, each with a server of its own (`ownWorld`).
import { defineConfig, devices } from '@playwright/test';

const inCi = Boolean(process.env['CI']);
const PAGES = /stories\/pages\.spec\.ts/;

export default defineConfig({
  testDir: '.',
  outputDir: 'test-results',
  // One story leaves a core idle: browser, story and server wait for one another. What must be alone says so (`ALONE`).
  workers: 2,
  retries: 0,
  forbidOnly: inCi,
  // Only what fails waits for all of it.
  timeout: 60_000,
  expect: { timeout: 10_000 },
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
    actionTimeout: 20_000,
    // The page after each step, as it was. Pictures of it as well would take a good part of a core all the time.
    trace: { mode: 'retain-on-failure', snapshots: true, screenshots: false },
  },
  projects: [
    // The longest one first, or it would go on alone at the end.
    { name: 'pages', testMatch: PAGES },
    { name: 'js', testMatch: /(stories|bugs)\/.*\.spec\.ts/, testIgnore: [PAGES, /\.nojs\.spec\.ts/] },
    {
      name: 'nojs',
      testMatch: /(stories|bugs)\/.*\.nojs\.spec\.ts/,
      use: { javaScriptEnabled: false },
    },
    // Pictures for people, only when asked for: RETRIAL_SHOTS="/setup /login" npx playwright test
    ...(process.env['RETRIAL_SHOTS'] === undefined ? [] : [{ name: 'shots', testMatch: /shots\.ts/ }]),
  ],
});

// Pictures of pages for people to look at, in both themes and two widths, under end2end/shots/. Not a test.
// RETRIAL_SHOTS="/setup /login /runs" npx playwright test --project=shots
// With RETRIAL_SHOTS_URL a server that is already running is visited, and RETRIAL_SHOTS_COOKIE ("name=value") signs in.
import { test as plain } from '@playwright/test';
import { inEveryLook } from './base.ts';
import { startWorld } from './world.ts';

const paths = (process.env['RETRIAL_SHOTS'] ?? '').split(/\s+/).filter((path) => path !== '');

for (const path of paths) {
  plain(`picture of ${path}`, async ({ page, context }) => {
    const running = process.env['RETRIAL_SHOTS_URL'];
    const world = running === undefined ? await startWorld() : undefined;
    const url = running ?? world?.url ?? '';
    try {
      const cookie = /^([^=]+)=(.*)$/.exec(process.env['RETRIAL_SHOTS_COOKIE'] ?? '');
      if (cookie?.[1] !== undefined && cookie[2] !== undefined) {
        await context.addCookies([{ name: cookie[1], value: cookie[2], url }]);
      }
      // `setup-link` stands for the one-time link of a fresh server
      await page.goto(path === 'setup-link' && world !== undefined ? world.setupLink : url + path);
      await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
      const name = path.replace(/[^A-Za-z0-9-]+/g, '_').replace(/^_+|_+$/g, '') || 'home';
      await inEveryLook(page, async (look) => {
        await page.screenshot({ path: `shots/${name}-${look}.png`, fullPage: true, animations: 'disabled' });
      });
    } finally {
      await world?.stop();
    }
  });
}

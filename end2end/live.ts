// Several people on one live run, each with a browser of their own; what their browsers complain of is the story's own business.
import type { Browser, BrowserContextOptions } from '@playwright/test';
import { expect, open, type Page, type World } from './base.ts';

export const RUN = '/runs/RUN-1';

/** What is promised between an act and everybody's page. */
const SEEN_MS_MAX = 1_000;

/** The server is the one that people get: the promise holds as it stands, and nothing is allowed for. */
const IS_RELEASE = process.env['RETRIAL_RELEASE'] === '1';

export const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 } };

export async function guest(browser: Browser, world: World, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL: world.url, storageState: { cookies: [], origins: [] }, ...options });
  return context.newPage();
}

/** Whoever was signed in in this browser before is not any more, and nothing they kept is cleared. */
export async function signIn(page: Page, name: 'ana' | 'ben'): Promise<void> {
  await page.context().clearCookies();
  await open(page, '/login');
  await page.getByLabel('E-mail').fill(`${name}@example.org`);
  await page.getByLabel('Password').fill('correct horse battery');
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Sign in' }).click()]);
}

export async function watchRun(page: Page): Promise<void> {
  await open(page, RUN);
  await expect(page.locator('#live')).toHaveAttribute('data-state', 'live');
}

export const typed = (page: Page) => page.locator('#observe textarea');

/** When the fault began, in microseconds. */
export async function faultBegan(page: Page, world: World): Promise<number> {
  const answer = await page.request.get(`${world.url}/api/v1${RUN}`);
  const { facts } = (await answer.json()) as { facts: { fault_started: number } };
  return facts.fault_started;
}

/** What a clock of a run shows, in seconds: "T+1:02:10" is 3,730. */
export function clockSeconds(shown: string): number {
  expect(shown).toMatch(/^T\+[\d:]+$/);
  return shown.slice(2).split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** When a form is sent from a page. */
export async function sent(page: Page, address: string): Promise<number> {
  await page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith(address));
  return Date.now();
}

/**
 * What is promised; and, unless `RETRIAL_RELEASE=1` says that this is a release, twice what it takes here and now to
 * fetch the page and read it in each of these browsers: they share two cores with a server that is built to be tested,
 * and whoever acts is given a new page meanwhile.
 */
export async function patience(pages: readonly Page[]): Promise<number> {
  if (IS_RELEASE) {
    return SEEN_MS_MAX;
  }
  const begun = Date.now();
  await Promise.all(
    pages.map((each) =>
      each.evaluate(async () => {
        const answer = await fetch(location.href);
        new DOMParser().parseFromString(await answer.text(), 'text/html');
      }),
    ),
  );
  return SEEN_MS_MAX + 2 * (Date.now() - begun);
}

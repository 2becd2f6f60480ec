// What every story starts with: `test` with a world and a page that must stay without errors, `open`, `expectAccessible`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { AxeBuilder } from '@axe-core/playwright';
import { test as plain, expect, type Page, type Response } from '@playwright/test';
import { startWorld, type World } from './world.ts';

export { expect, startWorld };
export type { Page, World };

/** What of a server's log is shown beside a story that failed. */
const SAID_CHARS = 8_000;

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
/** Those of its rules that ask for colours. A theme is nothing else (`style/tokens.css`): all others say the same in both. */
const ABOUT_COLOURS = ['color-contrast', 'link-in-text-block'];

/** For a file that measures time, or presses keys while a page comes anew: it is begun when no other one runs. */
export const ALONE = { lock: '-exclusive-' };

/** One world for all stories of a project; a story that needs an untouched one calls `startWorld` itself. */
export const test = plain.extend<{ page: Page }, { world: World }>({
  world: [
    async ({}, use) => {
      const world = await startWorld();
      await use(world);
      await world.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  baseURL: async ({ world }, use) => {
    await use(world.url);
  },
  page: async ({ page, world }, use, info) => {
    const troubles = watch(page);
    await use(page);
    if (info.status !== info.expectedStatus) {
      console.error(`what the server said before the end:\n${world.output().slice(-SAID_CHARS)}`);
    }
    expect(troubles(), 'errors in the browser, among them content the security policy forbids').toEqual([]);
  },
});

/** The same `test` in a world that no other story file has set up. Each call makes another one. */
export function ownWorld() {
  return test.extend<object, { own: boolean }>({
    own: [
      async ({}, use) => {
        await use(true);
      },
      { scope: 'worker', auto: true },
    ],
  });
}

/** The same in a world whose clock begins at a moment, and which stories can move. */
export function worldAt(moment: string) {
  return test.extend<object, { world: World }>({
    world: [
      async ({}, use) => {
        const world = await startWorld(moment);
        await use(world);
        await world.stop();
      },
      { scope: 'worker', timeout: 60_000 },
    ],
  });
}

/** Collects what the browser complains about. A refused page (404, 422) is the story's own business. */
export function watch(page: Page): () => string[] {
  const documents = new Set<string>();
  const troubles: { text: string; url: string }[] = [];
  page.on('response', (response: Response) => {
    if (response.request().isNavigationRequest()) {
      documents.add(response.url());
    }
  });
  page.on('pageerror', (error) => troubles.push({ text: String(error), url: '' }));
  page.on('console', (message) => {
    if (message.type() === 'error') {
      troubles.push({ text: message.text(), url: message.location().url });
    }
  });
  const refusedDocument = (text: string, url: string) =>
    text.startsWith('Failed to load resource: the server responded with a status of 4') && documents.has(url);
  return () =>
    troubles.filter(({ text, url }) => !refusedDocument(text, url)).map(({ text, url }) => `${text} ${url}`.trim());
}

/** Goes to a page and, where scripts run, waits until its islands are awake: a click before that would be lost. */
export async function open(page: Page, url: string): Promise<Response | null> {
  const response = await page.goto(url);
  await awake(page);
  return response;
}

/** Waits for the islands of the page that is being shown, for example after a form was sent. */
export async function awake(page: Page): Promise<void> {
  if (test.info().project.use.javaScriptEnabled !== false) {
    await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
  }
}

/** Presses a button that sends its form, and waits for the page in the answer. */
export async function press(page: Page, name: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name, exact: true }).click()]);
  await awake(page);
}

/** No violation of WCAG 2.2 AA on the page as it is shown now, or none that colours make. */
export async function expectAccessible(page: Page, about: 'all' | 'colours' = 'all'): Promise<void> {
  if (test.info().project.use.javaScriptEnabled === false) {
    return; // axe is a script itself; the same walk with script is looked at
  }
  // Once for each document: left to itself, the builder sends more than a megabyte twice for each look at it.
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.evaluate(AXE);
  }
  // Only what is wrong, and found in the page itself (there are no frames): both save a third of the time.
  const axe = new AxeBuilder({ page, axeSource: 'void 0' }).options({ resultTypes: ['violations'] }).setLegacyMode();
  const { violations } = await (about === 'all' ? axe.withTags(WCAG_22_AA) : axe.withRules(ABOUT_COLOURS)).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
  expect(found, `accessibility of ${page.url()}`).toEqual([]);
}

export const THEMES = ['light', 'dark'] as const;
/** In CSS pixels: a phone and a desktop. */
export const WIDTHS_PX = [360, 1440] as const;

/** Runs `look` on the page in both themes and both widths. */
export async function inEveryLook(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS_PX) {
      await page.setViewportSize({ width, height: 900 });
      await look(`${colorScheme}-${width}`);
    }
  }
}

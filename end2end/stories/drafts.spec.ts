// Typed text is not lost: the browser keeps what was not sent, offers it again, and forgets what was taken.
import type { BrowserContext } from '@playwright/test';
import { awake, expect, expectAccessible, inEveryLook, open, test as plain, type Page } from '../base.ts';

type State = Awaited<ReturnType<BrowserContext['storageState']>>;

/** Every story begins signed in, with nothing kept in the browser. */
const test = plain.extend<object, { signedIn: State }>({
  signedIn: [
    async ({ world, browser }, use) => {
      const page = await browser.newPage();
      await page.goto(world.setupLink);
      await page.getByLabel('Name').fill('Ana');
      await page.getByLabel('E-mail').fill('ana@example.org');
      await page.getByLabel('Password').fill('correct horse battery');
      await page.getByLabel('An empty notebook').check();
      await page.getByRole('button', { name: 'Create and open' }).click();
      await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
      const { cookies } = await page.context().storageState();
      await page.close();
      await use({ cookies, origins: [] });
    },
    { scope: 'worker' },
  ],
  storageState: async ({ signedIn }, use) => {
    await use(signedIn);
  },
});

const FORM = '/services/new';
const OFFER = 'You typed something here that was not sent';

const offer = (page: Page) => page.getByRole('status').filter({ hasText: OFFER });
const kept = (page: Page) =>
  page.evaluate(() => Object.entries(localStorage).filter(([name]) => name.startsWith('retrial.draft')));

async function typeService(page: Page, name: string, description: string): Promise<void> {
  await page.getByLabel('Name', { exact: false }).first().fill(name);
  await page.getByLabel('Description').fill(description);
}

test('text that was not sent comes back when it is wanted', async ({ page }) => {
  await open(page, FORM);
  await expect(offer(page)).toHaveCount(0);
  await typeService(page, 'Kafka', 'Two lines,\nand <b>= & %');
  await page.getByLabel('Stateful').check();
  await open(page, '/help');
  await open(page, FORM);
  await expect(page.getByLabel('Description')).toHaveValue('');
  await expect(offer(page)).toBeVisible();
  await inEveryLook(page, async () => {
    await expectAccessible(page);
  });
  await page.getByRole('button', { name: 'Restore draft' }).click();
  await expect(page.getByLabel('Description')).toHaveValue('Two lines,\nand <b>= & %');
  await expect(page.getByLabel('Stateful')).toBeChecked();
  await expect(page.getByRole('status').filter({ hasText: 'Your draft is back' })).toBeVisible();
  await expect(offer(page)).toHaveCount(0);
  await open(page, FORM);
  await expect(offer(page), 'it was not sent yet, so it is still kept').toBeVisible();
});

test('a tab that dies loses nothing', async ({ page, context }) => {
  await open(page, FORM);
  await page.getByLabel('Description').pressSequentially('half a sen');
  await page.close();
  const next = await context.newPage();
  await open(next, FORM);
  await next.getByRole('button', { name: 'Restore draft' }).click();
  await expect(next.getByLabel('Description')).toHaveValue('half a sen');
});

test('a discarded draft is gone', async ({ page }) => {
  await open(page, FORM);
  await typeService(page, 'Kafka', 'nothing');
  await open(page, FORM);
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await expect(offer(page)).toHaveCount(0);
  expect(await kept(page)).toEqual([]);
  await open(page, FORM);
  await expect(offer(page)).toHaveCount(0);
});

test('an older draft stays below what is typed after it', async ({ page }) => {
  await open(page, FORM);
  await typeService(page, 'Kafka', 'first thought');
  await open(page, FORM);
  await page.getByLabel('Description').fill('second thought');
  await open(page, FORM);
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await expect(offer(page), 'the older one is offered next').toBeVisible();
  await page.getByRole('button', { name: 'Restore draft' }).click();
  await expect(page.getByLabel('Description')).toHaveValue('first thought');
});

test('a refused form is the same form, and a taken one leaves no draft', async ({ page }) => {
  await open(page, FORM);
  await typeService(page, 'Ingest', 'Takes events in');
  await page.getByLabel('Slug').fill('Not A Slug!');
  await page.getByRole('button', { name: 'Add service' }).click();
  await awake(page);
  await expect(page.locator('.errors')).toBeVisible();
  await expect(offer(page), 'the form shows what was typed').toHaveCount(0);
  await page.getByLabel('Description').fill('Takes events in, 99.99 % of them');
  await open(page, FORM);
  await page.getByRole('button', { name: 'Restore draft' }).click();
  await expect(page.getByLabel('Description')).toHaveValue('Takes events in, 99.99 % of them');
  await page.getByLabel('Slug').fill('ingest');
  await page.getByRole('button', { name: 'Add service' }).click();
  await awake(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Ingest' })).toBeVisible();
  expect(await kept(page)).toEqual([]);
  await open(page, FORM);
  await expect(offer(page)).toHaveCount(0);
});

test('passwords are not kept, and nothing outlives signing out', async ({ page, browser, world }) => {
  const context = await browser.newContext({ baseURL: world.url, storageState: { cookies: [], origins: [] } });
  const other = await context.newPage();
  await open(other, '/login');
  await other.getByLabel('E-mail').fill('ana@example.org');
  await other.getByLabel('Password').fill('correct horse battery');
  expect(await kept(other), 'nobody is signed in').toEqual([]);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await open(other, '/profile');
  for (const field of await other.locator('input[type=password]').all()) {
    await field.fill('a secret that stays here');
  }
  expect(JSON.stringify(await kept(other))).not.toContain('secret');
  await open(other, FORM);
  await typeService(other, 'Kafka', 'for my eyes');
  expect(await kept(other)).toHaveLength(1);
  await other.getByText('Ana', { exact: true }).first().click();
  await other.getByRole('button', { name: 'Sign out' }).click();
  await awake(other);
  expect(await kept(other)).toEqual([]);
  await context.close();
  await open(page, '/');
});

test('a second click sends nothing', async ({ page }) => {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') {
      sent.push(request.url());
    }
  });
  await open(page, FORM);
  await typeService(page, 'Query', 'Answers questions');
  // In one go: between two steps of a story, the browser would already wait for the answer.
  const rests = await page.getByRole('button', { name: 'Add service' }).evaluate(async (button: HTMLButtonElement) => {
    button.click();
    button.click();
    await new Promise((done) => setTimeout(done));
    return button.disabled;
  });
  await expect(page.getByRole('heading', { level: 1, name: 'Query' })).toBeVisible();
  expect(sent).toHaveLength(1);
  expect(rests).toBe(true);
});

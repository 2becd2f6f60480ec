// What goes wrong while people type: a stale edit, a login that ended, an act that is not possible, too much text, two sends.
import { randomUUID } from 'node:crypto';
import { awake, expect, open, type Page, type World } from './base.ts';
import { begin, foundAndFixed, restartOneZooKeeper, send, setUp } from './notebook.ts';

/** Sends the form and waits for the page in its answer. */
async function press(page: Page, name: string): Promise<number> {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST' && response.request().isNavigationRequest()),
    page.waitForEvent('load'),
    page.getByRole('button', { name, exact: true }).first().click(),
  ]);
  await awake(page);
  return answer.status();
}

/** Somebody else saves first: both texts are shown, and saving again is a choice. */
async function staleEdit(page: Page, world: World): Promise<void> {
  await open(page, '/fixes/FIX-1/edit');
  const version = await page.locator('input[name=version]').inputValue();
  await page.getByLabel('Title').fill('complete the list on every node');
  await send(page, world, '/fixes/FIX-1/edit', [
    ['title', 'complete the address list by Chef'],
    ['findings[]', 'FND-1'],
    ['version', version],
  ]);
  expect(await press(page, 'Save fix')).toBe(412);
  await expect(page.getByLabel('Title')).toHaveValue('complete the list on every node');
  const both = page.getByRole('table', { name: 'What differs' });
  await expect(both).toContainText('complete the list on every node');
  await expect(both).toContainText('complete the address list by Chef');
  const kept = await page.request.get(`${world.url}/fixes/FIX-1`);
  expect(await kept.text(), 'nothing was overwritten').toContain('complete the address list by Chef');
  // Having seen both, saving over the present text is a choice.
  expect(await press(page, 'Save fix')).toBe(303);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('complete the list on every node');
}

/** The login ends while somebody writes: what was typed waits on the sign-in page and comes back. */
async function endedLogin(page: Page): Promise<void> {
  await open(page, '/services/new');
  await page.getByLabel('Name').first().fill('storage-engine');
  await page.getByLabel('Description').fill('Keeps columns,\nand <b>= & %');
  await page.context().clearCookies();
  expect(await press(page, 'Add service')).toBe(401);
  await expect(page.getByText('What you typed is kept')).toBeVisible();
  await page.getByLabel('E-mail').fill('ana@example.org');
  await page.getByLabel('Password').fill('wrong on purpose');
  expect(await press(page, 'Sign in')).toBe(422);
  await page.getByLabel('E-mail').fill('ana@example.org');
  await page.getByLabel('Password').fill('correct horse battery');
  expect(await press(page, 'Sign in')).toBe(200);
  await expect(page.getByLabel('Name').first()).toHaveValue('storage-engine');
  await expect(page.getByLabel('Description')).toHaveValue('Keeps columns,\nand <b>= & %');
  expect(await press(page, 'Add service')).toBe(303);
  await expect(page.getByRole('heading', { level: 1, name: 'storage-engine' })).toBeVisible();
}

/** A page that was left open offers an act whose time has passed; the answer names the state. */
async function notNow(page: Page, world: World, isLive: boolean): Promise<void> {
  await begin(page, world, 'RUN-2', 'zk-2');
  await open(page, '/runs/RUN-2');
  // Else what is new would take the form away before it is sent.
  if (isLive) await page.getByRole('button', { name: 'Pause updates' }).click();
  await page.getByLabel('Observation').fill('typed before the run was over');
  await send(page, world, '/runs/RUN-2/end-fault');
  expect(await press(page, 'Fault ended')).toBe(409);
  await expect(page.locator('.errors')).toContainText('You cannot');
}

/** More text than fits is refused beside its field, and comes back whole. */
async function tooLong(page: Page): Promise<void> {
  await open(page, '/services/new');
  const long = 'zookeeper '.repeat(20);
  await page.getByLabel('Name').first().evaluate((field) => field.removeAttribute('maxlength'));
  await page.getByLabel('Name').first().fill(long);
  expect(await press(page, 'Add service')).toBe(422);
  await expect(page.locator('.errors')).toBeVisible();
  await expect(page.getByLabel('Name').first()).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Name').first()).toHaveValue(long);
}

/** The same form twice is one row. */
async function sentTwice(page: Page, world: World): Promise<void> {
  const token = randomUUID();
  const fields: [string, string][] = [['title', 'restart slowly'], ['findings[]', 'FND-1'], ['_once', token]];
  const first = await send(page, world, '/fixes', fields);
  const second = await send(page, world, '/fixes', fields);
  expect([first, second]).toEqual(['/fixes/FIX-2', '/FIX-2']);
  await open(page, '/fixes');
  await expect(page.getByText('restart slowly')).toHaveCount(1);
}

async function unknown(page: Page): Promise<void> {
  const answer = await open(page, '/runs/RUN-99');
  expect(answer?.status()).toBe(404);
  await expect(page.getByText('There is no run RUN-99.')).toBeVisible();
}

/** `isLive` where pages follow by script what others write. */
export async function badInput(page: Page, world: World, isLive: boolean): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await foundAndFixed(page, world);
  await staleEdit(page, world);
  await endedLogin(page);
  await notNow(page, world, isLive);
  await tooLong(page);
  await sentTwice(page, world);
  await unknown(page);
}

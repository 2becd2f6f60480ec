// Lists without a mouse: rows are chosen, pages follow one another, the link is copied and rows stand closer; and nothing of it with single keys off.
import { ALONE, awake, expect, expectAccessible, open, ownWorld, press, type Page, type World } from '../base.ts';
import { signIn } from '../live.ts';
import { restartOneZooKeeper, send, setUp } from '../notebook.ts';

const test = ownWorld();

test.describe.configure(ALONE);

const boxes = (page: Page) => page.locator('main tbody').getByRole('checkbox');
const links = (page: Page) => page.locator('main tbody th a');
const said = (page: Page) => page.locator('#key-said');
const html = (page: Page) => page.locator('html');

/** RUN-2 stands above RUN-1. */
async function twoRuns(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  for (const target of ['zk-1', 'zk-2']) {
    await send(page, world, '/runs/plan', [['experiment', 'EXP-1'], ['targets.0.name', target], ['targets.0.hit', 'on']]);
  }
}

/** A key that leads to another page. */
async function follow(page: Page, key: string, address: RegExp): Promise<void> {
  await page.keyboard.press(key);
  await expect(page).toHaveURL(address);
  await awake(page);
}

/** A key after which the same page comes anew. */
async function renew(page: Page, key: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.keyboard.press(key)]);
  await awake(page);
}

test('rows are chosen, pages of a list follow one another, and the link is copied', async ({ page, world }) => {
  test.setTimeout(120_000);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await twoRuns(page, world);
  await open(page, '/runs');
  await page.keyboard.press('x');
  await expect(boxes(page).first(), 'no row has the focus').not.toBeChecked();
  await page.keyboard.press('j');
  await expect(links(page).first()).toBeFocused();
  await page.keyboard.press('Shift+J');
  await expect(boxes(page).first()).toBeChecked();
  await expect(links(page).last()).toBeFocused();
  await page.keyboard.press('x');
  await expect(boxes(page).last()).toBeChecked();
  await page.keyboard.press('Shift+K');
  await expect(boxes(page).last(), 'twice is not chosen').not.toBeChecked();
  await expect(links(page).first()).toBeFocused();

  await follow(page, 'o', /\/runs\/RUN-2$/);
  await follow(page, ']', /\/runs\/RUN-1$/);
  await page.keyboard.press(']');
  await follow(page, '[', /\/runs\/RUN-2$/);
  await page.keyboard.press('y');
  await expect(said(page)).toHaveText(`Copied: ${world.url}/runs/RUN-2`);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${world.url}/runs/RUN-2`);
  await expectAccessible(page);

  await open(page, '/findings');
  await follow(page, 'c', /\/findings\/new$/);
  await press(page, 'Look again');
  await expect(page, 'where the form was sent').toHaveURL(/\/findings#seen$/);
  await page.keyboard.press('y');
  await expect(said(page), 'the page that shows it').toHaveText(`Copied: ${world.url}/findings/new`);
  for (const list of ['runs', 'decisions', 'services']) {
    await open(page, `/${list}`);
    await follow(page, 'c', list === 'runs' ? /\/runs\/past$/ : new RegExp(`/${list}/new$`));
  }

  await open(page, '/calendar');
  await follow(page, ']', /\/calendar\?/);
});

test('runs of an experiment are chosen and compared', async ({ page }) => {
  test.setTimeout(60_000);
  await signIn(page, 'ana');
  await open(page, '/experiments/EXP-1?view=runs');
  const runs = page.locator('#runs');
  await runs.getByRole('link', { name: 'RUN-2', exact: true }).focus();
  await page.keyboard.press('Shift+J');
  await expect(runs.getByRole('link', { name: 'RUN-1', exact: true })).toBeFocused();
  await page.keyboard.press('x');
  for (const id of ['RUN-2', 'RUN-1']) {
    await expect(runs.getByRole('checkbox', { name: `Compare ${id}`, exact: true })).toBeChecked();
  }
  await runs.getByRole('checkbox', { name: 'Compare RUN-1', exact: true }).focus();
  await follow(page, 'Control+Enter', /\/runs\/compare\?ids=RUN-2&ids=RUN-1$/);
});

test('a form is sent from any of its fields', async ({ page }) => {
  test.setTimeout(60_000);
  await signIn(page, 'ana');
  await open(page, '/services/new');
  const main = page.getByRole('main');
  await main.getByRole('textbox', { name: /^Name/ }).fill('Payment ledger');
  await main.getByLabel('Stateful').focus();
  await follow(page, 'Control+Enter', /\/services\/payment-ledger$/);
  await open(page, '/search');
  await main.getByRole('searchbox').fill('ledger');
  await follow(page, 'Control+Enter', /\/search\?.*q=ledger/);
});

test('rows stand closer together by a key or a button, and apart again', async ({ page }) => {
  test.setTimeout(60_000);
  await signIn(page, 'ana');
  await open(page, '/runs');
  await renew(page, 'd');
  await expect(html(page)).toHaveAttribute('data-density', 'compact');
  await expect(page).toHaveURL(/\/runs$/);
  await expectAccessible(page);
  await renew(page, 'd');
  await expect(html(page)).not.toHaveAttribute('data-density', 'compact');
  await page.getByText('Ana', { exact: true }).first().click();
  await press(page, 'Compact rows');
  await expect(html(page)).toHaveAttribute('data-density', 'compact');
});

test('with single keys off none of them does anything', async ({ page }) => {
  test.setTimeout(60_000);
  await signIn(page, 'ana');
  await open(page, '/profile');
  await press(page, 'Turn single keys off');
  await open(page, '/runs');
  await links(page).first().focus();
  for (const key of ['x', 'Shift+J', 'y', 'd', ']', '[', 'e', 'j']) {
    await page.keyboard.press(key);
  }
  await expect(links(page).first()).toBeFocused();
  await expect(boxes(page).first()).not.toBeChecked();
  await expect(said(page)).toBeEmpty();
  await expect(page).toHaveURL(/\/runs$/);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Go to' });
  await page.keyboard.type('@ana');
  await expect(palette.getByRole('option', { name: 'Ana', exact: true })).toBeVisible();
  await palette.getByLabel('Where to?').fill('#disk-full');
  await expect(palette.getByRole('option', { name: 'disk-full', exact: true })).toBeVisible();
});

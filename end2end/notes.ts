// Notes of a run through the forms people see, with and without script: commands, evidence, pins.
import type { Locator } from '@playwright/test';
import { awake, expect, expectAccessible, open, type Page, type World } from './base.ts';
import { begin, restartOneZooKeeper, setUp } from './notebook.ts';

/** One dark dot. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGMwMDD4DwACtAGQ5mE1CQAAAABJRU5ErkJggg==',
  'base64',
);

/** RUN-1, its fault under way, with one observation. */
export async function underWay(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await begin(page, world, 'RUN-1', 'zk-1');
}

export const note = (page: Page) => page.getByLabel('Observation');
export const add = (page: Page) => page.getByRole('button', { name: 'Add observation', exact: true });

async function press(page: Page, button: Locator): Promise<void> {
  await Promise.all([page.waitForEvent('load'), button.click()]);
  await awake(page);
}

async function unfold(page: Page, words: string): Promise<Locator> {
  const part = page.locator('#evidence summary').filter({ hasText: words }).locator('xpath=..');
  if ((await part.getAttribute('open')) === null) {
    await part.locator('> summary').click();
  }
  return part;
}

async function commands(page: Page): Promise<void> {
  await open(page, '/runs/RUN-1');
  await note(page).fill('alerts come late\n/unexpected\n/t -2m\n/check 1 72 s');
  await add(page).click();
  const line = page.locator('#o2');
  await expect(line).toContainText('alerts come late');
  await expect(line).toContainText('Unexpected');
  await expect(line, 'both times are kept').toContainText('written');
  await expect(line).not.toContainText('/check');
  const newest = page.locator('#log li[id^=o]').first();
  await expect(newest, 'what was written last stands on top, whenever it was so').toHaveAttribute('id', 'o2');
  await expect(page.getByRole('status').filter({ hasText: '72 s recorded' }).first()).toBeVisible();
  await awake(page);
  await expect(page.locator('#checks')).toContainText('1. alert-gap');

  await note(page).fill('/abort own effect: the queue grows');
  await press(page, add(page));
  await expect(page.locator('#abort')).toHaveAttribute('open', '');
  await expect(page.locator('#abort textarea')).toHaveValue('own effect: the queue grows');
  await page.keyboard.press('Escape'); // with script it is a dialog, and the page behind it rests
  await note(page).fill('/finding Alerts come late');
  await press(page, add(page));
  await expect(page).toHaveURL(/\/findings\/new\?run=RUN-1/);
  await expect(page.getByLabel('Title')).toHaveValue('Alerts come late');
}

async function pins(page: Page): Promise<void> {
  await open(page, '/runs/RUN-1');
  await press(page, page.getByRole('button', { name: 'Pin o2' }));
  await open(page, '/runs/RUN-1?log=pinned');
  await expect(page.locator('#o2')).toBeVisible();
  await expect(page.locator('#o1')).toHaveCount(0);
  await press(page, page.getByRole('button', { name: 'Unpin o2' }));
}

async function evidence(page: Page): Promise<void> {
  await open(page, '/runs/RUN-1');
  const drawing = await unfold(page, 'Attach image');
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
  await drawing.getByLabel('Image').setInputFiles({ name: 'gap.png', mimeType: 'image/png', buffer: svg });
  await drawing.getByLabel('What it shows').fill('The gap on the dashboard');
  await press(page, drawing.getByRole('button', { name: 'Attach image' }));
  await expect(page.locator('.errors')).toContainText('SVG');
  const image = await unfold(page, 'Attach image');
  await expect(image.getByLabel('What it shows')).toHaveValue('The gap on the dashboard');
  await image.getByLabel('Image').setInputFiles({ name: 'gap.svg', mimeType: 'image/svg+xml', buffer: PNG });
  await press(page, image.getByRole('button', { name: 'Attach image' }));
  const shown = page.locator('#e1').getByRole('img', { name: 'The gap on the dashboard' });
  await shown.scrollIntoViewIfNeeded();
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);

  const link = await unfold(page, 'Attach link');
  await link.getByLabel('Link').fill('https://example.org/d/1');
  await link.getByLabel('What it shows').fill('The dashboard');
  await press(page, link.getByRole('button', { name: 'Attach link' }));
  await expect(page.locator('#e2').getByRole('link', { name: 'The dashboard' })).toBeVisible();
  await expectAccessible(page);
}

/** Of RUN-1, as `underWay` leaves it. */
export async function notes(page: Page): Promise<void> {
  await commands(page);
  await pins(page);
  await evidence(page);
}

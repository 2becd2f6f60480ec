// The first minute with the sample notebook, and the way out of it. Walked with and without script.
import { awake, expect, open, type Page, type World } from './base.ts';

const MINUTE_MS = 60_000;

/** Presses a button and waits for the page it leads to. */
async function press(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name, exact: true }).first();
  await Promise.all([page.waitForEvent('load'), button.click()]);
  await awake(page);
  expect(await page.locator('.errors').allInnerTexts(), `after ${name} at ${page.url()}`).toEqual([]);
}

/** Follows a link by its words. */
async function follow(page: Page, name: string | RegExp): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name }).first().click()]);
  await awake(page);
}

/** The setup form as it is suggested: with the sample. */
async function setUp(page: Page, world: World): Promise<void> {
  await open(page, world.setupLink);
  await page.getByLabel('Name').fill('Ana');
  await page.getByLabel('E-mail').fill('ana@example.org');
  await page.getByLabel('Password').fill('correct horse battery');
  await expect(page.getByLabel('The sample notebook')).toBeChecked();
  await press(page, 'Create and open');
}

async function todayShowsIt(page: Page): Promise<void> {
  await expect(page.locator('.banners')).toContainText('Sample data');
  await expect(page.locator('main')).toContainText('DEMO-RUN-15');
  await expect(page.locator('main')).toContainText('Sign its verdict');
  await expect(page.getByText('Add a service (to do)'), 'only own work is counted').toBeVisible();
}

/** An own observation in the run that is going on, within a minute of the setup link. */
async function observe(page: Page, begun: number): Promise<void> {
  await follow(page, 'Restart one Kafka node, every week');
  await expect(page).toHaveURL(/\/runs\/DEMO-RUN-15$/);
  await page.getByLabel('Observation').fill('node 2 back');
  await page.getByRole('button', { name: 'Add observation', exact: true }).click();
  await expect(page.locator('#o4')).toContainText('node 2 back');
  await awake(page);
  // A person types slower than this.
  expect(Date.now() - begun).toBeLessThan(MINUTE_MS / 2);
}

/** Weakness, fix, a rerun that met another fault, its fix, and the run that proves both. */
async function chain(page: Page): Promise<void> {
  await open(page, '/demo-fnd-2');
  await expect(page).toHaveURL(/\/findings\/DEMO-FND-2$/);
  const drawn = page.locator('.chain');
  for (const id of ['DEMO-RUN-1', 'DEMO-FND-2', 'DEMO-FIX-2', 'DEMO-RUN-3', 'DEMO-FND-3', 'DEMO-FIX-3', 'DEMO-RUN-4']) {
    await expect(drawn).toContainText(id);
  }
  await expect(drawn).toContainText('not exercised');
  await expect(page.locator('.page-head')).toContainText('Sample');
}

async function tour(page: Page): Promise<void> {
  await open(page, '/');
  await follow(page, '2-minute tour');
  for (let number = 1; number <= 5; number += 1) {
    const note = page.locator('#tour');
    await expect(note).toContainText(`note ${number} of 5`);
    await expect(note, 'the fragment brings it into view').toBeInViewport();
    await Promise.all([page.waitForEvent('load'), note.locator('a.button').click()]);
    await awake(page);
  }
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Today');
}

async function ownExperiment(page: Page): Promise<void> {
  await open(page, '/services/new');
  await page.getByLabel('Name').fill('checkout');
  await press(page, 'Add service');
  await open(page, '/experiments/new');
  await page.getByLabel('Title').fill('Restart one node');
  await page.getByLabel('checkout').check();
  await Promise.all([page.waitForEvent('load'), page.locator('button.primary', { hasText: 'Save draft' }).click()]);
  await awake(page);
  await expect(page).toHaveURL(/\/experiments\/EXP-1$/);
  await open(page, '/experiments');
  await expect(page.locator('tbody tr').first(), 'own things come first').toContainText('EXP-1');
}

/** Everything of the sample goes in one act, and nothing else does. */
async function remove(page: Page): Promise<void> {
  await open(page, '/');
  await follow(page, 'Remove');
  await expect(page.locator('main')).toContainText('One entry of yours goes with it');
  await press(page, 'Remove sample');
  await expect(page.locator('.banners')).toHaveCount(0);
  await expect(page.locator('body')).not.toContainText('DEMO-');
  await open(page, '/experiments');
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await expect(page.locator('tbody tr')).toContainText('EXP-1');
  await open(page, '/services');
  await expect(page.locator('tbody tr')).toHaveCount(1);
  for (const path of ['/runs', '/findings?view=all', '/fixes', '/decisions']) {
    await open(page, path);
    await expect(page.locator('tbody tr'), path).toHaveCount(0);
  }
  expect((await open(page, '/runs/DEMO-RUN-15'))?.status()).toBe(404);
}

export async function firstMinuteWithSample(page: Page, world: World): Promise<void> {
  const begun = Date.now();
  await setUp(page, world);
  await todayShowsIt(page);
  await observe(page, begun);
  await chain(page);
  await tour(page);
  await ownExperiment(page);
  await remove(page);
}

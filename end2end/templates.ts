// From an empty place of the coverage map into a template's plan, and from an approved plan to a template. Walked with and without script.
import { expect, expectAccessible, open, awake, press, type Page, type World } from './base.ts';
import { restartOneZooKeeper, setUp } from './notebook.ts';

async function follow(page: Page, name: string | RegExp): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name }).first().click()]);
  await awake(page);
}

async function save(page: Page, name: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.locator('button.primary', { hasText: name }).click()]);
  await awake(page);
}

export async function beginAndPromote(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);

  await open(page, '/coverage');
  await expect(page.locator('#coverage')).toContainText('never tried');
  await expectAccessible(page);
  await follow(page, /Try it.*Fill a disk on zookeeper/);
  await expect(page.getByLabel('Title')).toHaveValue('Fill a disk');
  await expect(page.getByLabel('Fault kind')).toHaveValue('disk-full');
  await expect(page.getByLabel('zookeeper')).toBeChecked();
  await page.getByLabel('Environment').selectOption('production');
  await page.getByLabel('Title').fill('Fill the disk of one ZooKeeper');
  await page.getByLabel('Revert owner').fill('Ana');
  await save(page, 'Save draft');
  await expect(page).toHaveURL(/\/experiments\/EXP-2$/);
  await expect(page.getByRole('link', { name: 'full-disk@1' })).toBeVisible();

  await open(page, '/experiments/EXP-1');
  await follow(page, 'Make template');
  await page.getByLabel('Name', { exact: true }).fill('Restart one of ours');
  await page.getByLabel('Why try it').fill('It found three weaknesses.');
  await page.getByLabel('A quorum').check();
  await press(page, 'Make template');
  await expect(page).toHaveURL(/\/templates\/restart-one-of-ours$/);
  await expect(page.getByText('Restart one of ours is a template now.')).toBeVisible();
  await expectAccessible(page);

  await page.getByLabel('Service').selectOption('alerting');
  await press(page, 'Use this template');
  await expect(page.getByLabel('alerting')).toBeChecked();
  await expect(page.getByText('Filled from')).toBeVisible();

  await open(page, '/templates');
  await page.getByLabel('Asks of a service').selectOption('quorum');
  await press(page, 'Find templates');
  await expect(page.locator('#templates')).toContainText('Restart one of ours');
  await expect(page.locator('#templates')).not.toContainText('Fill a disk');
  await expectAccessible(page);

  await open(page, '/templates/restart-one-of-ours');
  await page.locator('summary').filter({ hasText: 'Take it out of use' }).click();
  await page.getByLabel('Why').fill('Nobody runs it');
  await press(page, 'Retire template');
  await expect(page.getByText('This template is retired')).toBeVisible();

  await open(page, '/experiments/EXP-1/edit');
  await page.locator('summary', { hasText: 'What exit codes of the command mean' }).click();
  await page.getByLabel('Exit codes', { exact: true }).fill('0 = upheld\n3 = fine');
  await save(page, 'Save plan');
  await expect(page.locator('.errors')).toContainText('gives 3 a meaning that is not one of upheld, refuted, inconclusive');
  await page.getByLabel('Exit codes', { exact: true }).fill('0 = upheld\n3 = refuted');
  await save(page, 'Save plan');
  await open(page, '/experiments/EXP-1/plan/2');
  await expect(page.locator('main')).toContainText('Exit codes of the command');
  await expect(page.locator('main')).toContainText('3 = refuted');
}

// A promise to customers: written, approved, measured, and what is left of its budget. Walked with and without script.
import { expect, open, press, type Page, type World } from './base.ts';
import { foundAndFixed, restartOneZooKeeper, setUp } from './notebook.ts';

/** A local time so many hours ago, as a field for date and time takes it. */
function hoursAgo(hours: number): string {
  const at = new Date(Date.now() - hours * 3_600_000);
  return at.toISOString().slice(0, 16);
}

export async function promiseAndMeasure(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await foundAndFixed(page, world);

  await open(page, '/slos');
  await page.getByRole('link', { name: 'Define SLO' }).click();
  await page.getByLabel('Title').fill('Sessions answer');
  await page.getByLabel('Service').selectOption('zookeeper');
  await page.getByLabel('Environment').selectOption('production');
  await page.getByLabel('What is measured').fill('answered pings');
  await page.getByLabel('Target').fill('100 %');
  await page.getByLabel('Too broken').fill('90 %');
  await page.getByLabel('Now means the last').fill('6 h');
  await press(page, 'Save SLO');
  const target = page.getByLabel('Target');
  await expect(target).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#slos-target-error')).toContainText('no budget would remain to learn with');
  await expect(target).toHaveValue('100 %');

  await target.fill('at least 99 % good');
  await press(page, 'Save SLO');
  await expect(page).toHaveURL(/\/slos\/SLO-1$/);
  await expect(page.getByText('no customer promise is written')).toBeVisible();
  await expect(page.getByText('Unmeasured time counts as unknown, not as good.')).toBeVisible();

  await page.getByRole('link', { name: 'Edit SLO' }).click();
  await page.getByLabel('Customer promise').fill('A session you open stays open.');
  await press(page, 'Save SLO');
  await press(page, 'Approve revision 2');
  await expect(page.getByText('Revision 2 of SLO-1 is approved.')).toBeVisible();

  await enter(page, 0, 24 * 30, 24, '8000', '0');
  await press(page, 'One more row');
  await enter(page, 1, 24, 0, '1960', '40');
  await press(page, 'Save numbers');
  const budget = page.locator('#budget');
  await expect(budget).toContainText('60 %');
  await expect(budget).toContainText('60 bad events can still happen');
  await expect(budget).toContainText('At risk');
  await budget.getByText('Why is the budget healthy?').click();
  await expect(budget).toContainText('The promise is kept.');
  const burndown = page.locator('#burndown');
  await expect(burndown.getByRole('img').first()).toBeVisible();
  await expect(burndown.getByRole('link', { name: 'RUN-1' })).toBeVisible();
  await burndown.getByText('Show as a table').click();
  await expect(burndown.getByRole('table', { name: 'What was left' })).toContainText('60 %');
}

async function enter(page: Page, row: number, from: number, to: number, good: string, bad: string): Promise<void> {
  const fields = page.getByRole('group', { name: `Measurement ${row + 1}` });
  await fields.getByLabel('From').fill(hoursAgo(from));
  await fields.getByLabel('To').fill(hoursAgo(to));
  await fields.getByLabel('Good').fill(good);
  await fields.getByLabel('Bad').fill(bad);
}

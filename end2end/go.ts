// The one field that leads anywhere. Walked with and without script.
import { expect, expectAccessible, open, awake, type Page, type World } from './base.ts';
import { restartOneZooKeeper, setUp } from './notebook.ts';

export async function find(page: Page, asked: string): Promise<void> {
  await page.getByLabel('An id, a page, an act or a name').fill(asked);
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Find', exact: true }).click()]);
  await awake(page);
}

export async function goAnywhere(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await open(page, '/go');
  await find(page, 'exp-1');
  const main = page.getByRole('main');
  await expect(main.getByRole('link', { name: 'EXP-1', exact: true })).toHaveAttribute('href', '/experiments/EXP-1');
  await find(page, 'cover');
  await expect(main.getByRole('link', { name: 'Coverage map' })).toHaveAttribute('href', '/coverage');
  await find(page, 'zookeeper');
  await expect(main.getByRole('link', { name: 'EXP-1 Restart one ZooKeeper' })).toBeVisible();
  await find(page, 'nothing of this kind');
  await expect(main).toContainText('Nothing found for');
  await expectAccessible(page);
}

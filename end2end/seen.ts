// What was seen before, beside a plan that is being written. Walked with and without script.
import { expect, expectAccessible, open, press, type Page, type World } from './base.ts';
import { restartOneZooKeeper, send, setUp } from './notebook.ts';

export async function seeBefore(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await send(page, world, '/findings', [
    ['title', 'Alerts stop after a restart'],
    ['environment', 'production'],
    ['services.0', 'zookeeper'],
  ]);
  await open(page, '/experiments/new');
  const seen = page.locator('#seen');
  await expect(seen).toContainText('Nothing yet that is like it');
  await page.getByLabel('Title').fill('Restart one Kafka broker');
  await page.getByLabel('zookeeper').check();
}

export async function seenOnTheSameService(page: Page): Promise<void> {
  const seen = page.locator('#seen');
  await expect(seen.getByRole('link', { name: 'FND-1', exact: true })).toHaveAttribute('href', '/findings/FND-1');
  await expect(seen.getByRole('link', { name: 'EXP-1', exact: true })).toBeVisible();
  await expect(seen).toContainText('on zookeeper');
  await expect(page.getByLabel('Title'), 'what was typed is there').toHaveValue('Restart one Kafka broker');
  await expectAccessible(page);
}

export const lookAgain = (page: Page): Promise<void> => press(page, 'Look again');

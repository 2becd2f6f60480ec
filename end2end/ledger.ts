// What learning cost: on the run, on the SLO and in the ledger of the quarter. Walked with and without script.
import { expect, open, type Page, type World } from './base.ts';
import { foundAndFixed, restartOneZooKeeper, send, setUp, type Fields } from './notebook.ts';

export async function whatLearningCost(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await open(page, '/ledger');
  await expect(page.getByText(/^No run began in \d{4}-Q[1-4]$/)).toBeVisible();
  await page.locator('main').getByRole('link', { name: 'SLOs' }).last().click();
  await expect(page.getByText('No SLOs yet')).toBeVisible();

  await promised(page, world);
  await foundAndFixed(page, world);
  await open(page, '/runs/RUN-1');
  const spent = page.locator('#spent');
  await expect(spent.getByRole('heading', { name: 'What it cost' })).toBeVisible();
  await expect(spent.getByRole('row', { name: /SLO-1/ })).toContainText('unknown');

  await open(page, '/slos/SLO-1');
  await expect(page.locator('#suggestion')).toContainText('No question that nobody tried fits this budget');
  await page.locator('#suggestion').getByText('Why none of those there are?').click();
  await expect(page.locator('#suggestion')).toContainText('Every experiment on this service for this environment was run');
  const over = page.locator('#compliance');
  await expect(over.getByRole('img').first()).toBeVisible();
  await over.getByText('Show as a table').click();
  await expect(over.getByRole('table')).toContainText('Met');
  await page.getByRole('link', { name: 'Ledger of the quarter' }).click();

  await expect(page.getByText('1 run gave 1 finding, 1 severe.')).toBeVisible();
  await expect(page.locator('#totals')).toContainText('SLO-1');
  const line = page.locator('#ledger').getByRole('row', { name: /RUN-1/ });
  await expect(line).toContainText('FND-1');
  await line.getByRole('link', { name: 'RUN-1' }).click();
  await expect(page).toHaveURL(/\/runs\/RUN-1$/);
}

/** SLO-1 of zookeeper, approved; its last hundred days are measured up to an hour ago, a week at a time. */
async function promised(page: Page, world: World): Promise<void> {
  await send(page, world, '/slos', [
    ['title', 'Sessions answer'],
    ['service', 'zookeeper'],
    ['environment', 'production'],
    ['promise', 'A session you open stays open.'],
    ['measure', 'answered pings'],
    ['target', 'at least 99 % good'],
    ['window', 'rolling'],
    ['days', '28'],
    ['method', 'occurrences'],
    ['too_broken', '90 %'],
  ]);
  await send(page, world, '/slos/SLO-1/approve', [['version', '1']]);
  const now = Date.now();
  const at = (hours: number) => new Date(now - hours * 3_600_000).toISOString();
  const week = (number: number): Fields => [
    [`rows.${number}.from`, at((number + 1) * 168 + 1)],
    [`rows.${number}.to`, at(number * 168 + 1)],
    [`rows.${number}.good`, '10000'],
    [`rows.${number}.bad`, '10'],
  ];
  await send(page, world, '/slos/SLO-1/measurements', Array.from({ length: 14 }, (_, number) => week(number)).flat());
}

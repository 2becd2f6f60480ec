// Without a line of script a live run's page is what it was when it was loaded, and says so.
import { expect, open, ownWorld } from '../base.ts';
import { signIn } from '../live.ts';
import { begin, restartOneZooKeeper, send, setUp } from '../notebook.ts';
import { add, note } from '../notes.ts';

const test = ownWorld();

test('a live run is followed by loading its page again', async ({ page, world }) => {
  test.setTimeout(240_000);
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await begin(page, world, 'RUN-1', 'zk-1');
  await open(page, '/runs/RUN-1');
  await expect(page.locator('#live-state')).toHaveText('This page shows what was so when it was loaded.');
  await expect(page.getByRole('button', { name: 'Pause updates' })).toBeHidden();
  await send(page, world, '/runs/RUN-1/observe', [['text', 'the queue grows'], ['kind', 'expected']]);
  await open(page, '/runs/RUN-1');
  const log = page.getByRole('log', { name: 'Timeline of RUN-1' });
  await expect(log).toContainText('the queue grows');

  const refresh = page.locator('meta[http-equiv=refresh]');
  await page.getByRole('link', { name: 'Refresh every 15 s' }).click();
  await expect(refresh).toHaveCount(1);
  await note(page).fill('it shrinks again');
  await add(page).click();
  await expect(page).toHaveURL(/\/runs\/RUN-1\?refresh=15$/);
  await expect(log.getByRole('listitem').first()).toContainText('it shrinks again');
  await expect(refresh, 'it goes on after a form').toHaveCount(1);
  await page.getByRole('link', { name: 'Stop refreshing' }).click();
  await expect(page).toHaveURL(/\/runs\/RUN-1$/);
  await expect(refresh).toHaveCount(0);
});

test('without script the abort is a form in the bar, and another zone is one press away', async ({ page }) => {
  await signIn(page, 'ana');
  await open(page, '/profile');
  await page.getByLabel('Time zone').fill('Europe/Berlin');
  await page.getByRole('button', { name: 'Save profile' }).click();
  await open(page, '/runs/RUN-1');
  await expect(page.locator('#live-keys'), 'keys need scripts').toBeHidden();
  await page.locator('#abort > summary').click();
  await expect(page.getByRole('button', { name: 'Abort run now' })).toBeVisible();
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Go back', exact: true })).toHaveCount(0);
  const bar = page.getByRole('region', { name: 'Now', exact: true });
  await expect(bar).not.toContainText('UTC');
  await page.locator('#zones').getByRole('button', { name: 'UTC' }).click();
  await expect(bar).toContainText('UTC');

  const seen = page.locator('#log li').filter({ hasText: 'by the other clock' });
  const clock = new Date().toISOString().slice(11, 16);
  await note(page).fill(`/t ${clock} by the other clock`);
  await add(page).click();
  await expect(seen).toHaveCount(1);
  await expect(seen.locator('.clock'), 'as the page is read, and no hour away').toHaveText(/^T[+\u2212-]\d\d:\d\d$/);
  await page.locator('#zones').getByRole('button', { name: /^Yours/ }).click();
  await expect(bar).not.toContainText('UTC');
});

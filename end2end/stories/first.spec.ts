// The first minute: from the setup link to an own observation.
import { ALONE, expect, open, ownWorld } from '../base.ts';

const MINUTE_MS = 60_000;

const test = ownWorld();

test.describe.configure(ALONE);

test('the first own observation is written within a minute', async ({ page, world }) => {
  const begun = Date.now();
  await open(page, world.setupLink);
  await page.getByLabel('Name').fill('Ana');
  await page.getByLabel('E-mail').fill('ana@example.org');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByLabel('An empty notebook').check();
  await page.getByRole('button', { name: 'Create and open' }).click();
  await page.getByLabel('Service').fill('ZooKeeper');
  await page.getByLabel('What I see now').fill('five nodes up, an alert every 10 s');
  await page.getByLabel('What happens if').fill('What happens if one ZooKeeper restarts?');
  await page.getByRole('button', { name: 'Record observation' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What happens if one ZooKeeper restarts?');
  await expect(page.locator('#o1')).toContainText('five nodes up, an alert every 10 s');
  // A person types slower than this; two pages and five short texts are what is left to them.
  expect(Date.now() - begun).toBeLessThan(MINUTE_MS / 4);

  await open(page, '/');
  await expect(page.getByRole('link', { name: 'Plan a run' })).toBeVisible();
  await expect(page.getByText('Add a service (done)')).toBeVisible();
});

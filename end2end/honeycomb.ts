// An SLO of Honeycomb beside one of ours: set, refused, asked in vain and taken away. Walked with and without script.
import { expect, open, press, type Page, type World } from './base.ts';
import { restartOneZooKeeper, send, setUp } from './notebook.ts';

export async function setBesideAndRemove(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await send(page, world, '/slos', [
    ['title', 'Sessions answer'],
    ['service', 'zookeeper'],
    ['environment', 'production'],
    ['measure', 'answered pings'],
    ['target', '99 %'],
    ['window', 'rolling'],
    ['days', '28'],
    ['method', 'occurrences'],
    ['too_broken', '90 %'],
  ]);

  await open(page, '/slos/SLO-1');
  const beside = page.locator('#honeycomb');
  await expect(beside).toContainText('It would not be counted.');
  await beside.getByText('Set an SLO of Honeycomb beside it').click();
  await beside.getByLabel('Address').fill('http://127.0.0.1:9090');
  const dataset = beside.getByLabel('Dataset');
  await dataset.fill('shop/../auth');
  await beside.getByLabel('Id of the SLO').fill('2LBq9LckbcA');
  await beside.getByLabel('Credential').fill('honeycomb');
  await press(page, 'Save SLO of Honeycomb');
  await expect(dataset).toHaveAttribute('aria-invalid', 'true');
  await expect(dataset).toHaveValue('shop/../auth');
  await dataset.fill('shop');
  await press(page, 'Save SLO of Honeycomb');
  await expect(page.getByText('What Honeycomb says stands beside this SLO.')).toBeVisible();
  await expect(beside).toContainText('2LBq9LckbcA of shop at http://127.0.0.1:9090');
  await expect(beside).toContainText('They are not counted here');

  // The operator of this world named no network that is not public.
  await expect(async () => {
    await open(page, '/slos/SLO-1');
    await expect(beside).toContainText('Asking fails', { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await expect(beside).toContainText('127.0.0.1 is this machine');

  await beside.getByText('Remove the SLO of Honeycomb').click();
  await beside.getByLabel('Why it goes').fill('Another vendor');
  await press(page, 'Remove SLO of Honeycomb');
  await expect(page.getByText('Honeycomb is asked no more. What it said stays.').first()).toBeVisible();
  await expect(beside).toContainText('It would not be counted.');
}

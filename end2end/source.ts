// Where an SLO is measured: said, refused, asked in vain, switched off and taken away. Walked with and without script.
import { expect, open, press, type Page, type World } from './base.ts';
import { restartOneZooKeeper, send, setUp } from './notebook.ts';

export async function connectAndRemove(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await send(page, world, '/slos', [
    ['title', 'Sessions answer'],
    ['service', 'zookeeper'],
    ['environment', 'production'],
    ['measure', 'answered pings'],
    ['target', '99 %'],
    ['window', 'rolling'],
    ['days', '2'],
    ['method', 'occurrences'],
    ['too_broken', '90 %'],
  ]);

  await open(page, '/slos/SLO-1');
  const source = page.locator('#source');
  await expect(source).toContainText('Nobody asks anywhere');
  await source.getByText('Pull from a Prometheus').click();
  const address = source.getByLabel('Address');
  await address.fill('http://127.0.0.1:9090');
  await source.getByRole('textbox', { name: 'First selector' }).fill('failed_pings_total');
  const total = source.getByLabel('Selector of all events');
  await total.fill('sum(pings_total)');
  await source.getByLabel('One measurement lasts').fill('5 s');
  await press(page, 'Save source');
  await expect(total).toHaveAttribute('aria-invalid', 'true');
  await expect(source).toContainText('without functions, sums or [5m]');
  await expect(address).toHaveValue('http://127.0.0.1:9090');
  await total.fill('pings_total');
  await press(page, 'Save source');
  await expect(page.getByText('The source is saved.')).toBeVisible();
  await expect(source).toContainText('bad events and all events, by 5 s');

  // The operator of this world named no network that is not public.
  await expect(async () => {
    await open(page, '/slos/SLO-1');
    await expect(source).toContainText('Asking fails', { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await expect(source).toContainText('127.0.0.1 is this machine');
  await expect(source).toContainText('What was not measured is unknown, not good.');

  await source.getByText('Change the source').click();
  await source.getByLabel('Ask it').uncheck();
  await press(page, 'Save source');
  await expect(source).toContainText('It is off: nothing is pulled.');

  await source.getByText('Remove the source').click();
  await source.getByLabel('Why it goes').fill('A program sends the numbers');
  await press(page, 'Remove source');
  await expect(page.getByText('The source is removed. What was measured stays.')).toBeVisible();
  await expect(source).toContainText('Nobody asks anywhere');
}

// A plan that names a Prometheus: refused, taken, and a run that asks it in vain, which is unknown and never good. Walked with and without script.
import { awake, expect, expectAccessible, open, type Page, type World } from './base.ts';
import { begin, restartOneZooKeeper, send, setUp } from './notebook.ts';

async function press(page: Page, name: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name, exact: true }).click()]);
  await awake(page);
}

export async function measureARun(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);

  await open(page, '/experiments/EXP-1/edit');
  await page.getByText('Measured by Prometheus while a run goes on').click();
  await page.getByLabel('Prometheus', { exact: true }).fill('http://127.0.0.1:9090');
  const query = page.getByRole('group', { name: 'Query 1', exact: true });
  const measure = query.getByLabel('Measure of a check');
  await measure.fill('errors');
  await query.getByLabel('PromQL').fill('max(alert_gap_seconds)');
  const condition = page.getByRole('group', { name: 'Watched condition 1', exact: true });
  await condition.getByLabel('Abort when').fill('alerts are gone');
  await condition.getByLabel('PromQL').fill('max(alert_gap_seconds)');
  await condition.getByLabel('Limit').fill('600');
  await condition.getByLabel('Then').selectOption('aborts by itself');
  await press(page, 'Save plan');
  await expect(measure).toHaveAttribute('aria-invalid', 'true');
  await expect(condition.getByLabel('Limit')).toHaveValue('600');
  await measure.fill('alert-gap');
  await press(page, 'Save plan');
  await open(page, '/experiments/EXP-1/plan/2');
  await expect(page.getByText('Abort when alerts are gone').first()).toBeVisible();
  await send(page, world, '/experiments/EXP-1/request-review');
  await send(page, world, '/experiments/EXP-1/plan/2/approve');

  // The operator of this world named no network that is not public.
  await begin(page, world, 'RUN-1', 'zk-1');
  const measured = page.locator('#measured');
  await expect(async () => {
    await open(page, '/runs/RUN-1');
    await expect(measured).toContainText('127.0.0.1 is this machine', { timeout: 1_000 });
    // What was measured before the start says nothing of it.
    await expect(measured).toContainText('Abort when alerts are gone unknown: Prometheus is not called', { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await expect(page.locator('#prompts')).toContainText('Whether the abort condition "alerts are gone" is reached is unknown');
  await open(page, '/');
  const meters = page.getByRole('list', { name: 'Abort conditions of RUN-1' });
  await expect(meters).toContainText('alerts are gone: no reading: Prometheus is not called');
  await expect(meters).toContainText('600; aborts by itself');
  await expectAccessible(page);
  await open(page, '/runs/RUN-1');
  await expect(page.locator('#measured-1-table')).toBeHidden();
  await measured.getByText('Show as a table').first().click();
  await expect(page.locator('#measured-1-table')).toContainText('unknown: Prometheus is not called');
  await expectAccessible(page);
}

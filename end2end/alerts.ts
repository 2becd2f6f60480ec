// Alerts that a plan expects, told as Alertmanager does: one comes, one does not. Walked with and without script.
import { awake, expect, open, type Page, type World } from './base.ts';
import { begin, restartOneZooKeeper, send, setUp } from './notebook.ts';

async function press(page: Page, name: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name, exact: true }).click()]);
  await awake(page);
}

/** One alert that fires since now, or since an hour ago. */
async function tell(page: Page, world: World, name: string, hoursAgo = 0): Promise<void> {
  const startsAt = new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
  const labels = { alertname: name, service: 'zookeeper' };
  const alert = { status: 'firing', labels, annotations: {}, startsAt, endsAt: '0001-01-01T00:00:00Z' };
  const response = await page.request.post(`${world.url}/api/v1/ingest/alertmanager?environment=production`, {
    headers: { Origin: world.url, 'Content-Type': 'application/json' },
    data: JSON.stringify({ version: '4', groupKey: '{}', truncatedAlerts: 0, alerts: [alert] }),
  });
  expect(response.status(), await response.text()).toBe(200);
}

export async function oneComesAndOneDoesNot(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await open(page, '/experiments/EXP-1/edit');
  const field = (row: number, name: string) => page.locator(`[name="signals.${row}.${name}"]`);
  await field(0, 'alert').fill('ZooKeeperDown, service=~"zoo.*"');
  await press(page, 'Save plan');
  await expect(field(0, 'alert')).toHaveAttribute('aria-invalid', 'true');
  await field(0, 'alert').fill('ZooKeeperDown');
  await field(1, 'signal').fill('clients-lost');
  await field(1, 'time').fill('1 s');
  await field(1, 'alert').fill('ClientsLost');
  await press(page, 'Save plan');
  await send(page, world, '/experiments/EXP-1/request-review');
  await send(page, world, '/experiments/EXP-1/plan/2/approve');

  const alive = 'Watchdog';
  await tell(page, world, alive, 1);
  await begin(page, world, 'RUN-1', 'zk-1');
  await tell(page, world, 'ZooKeeperDown');
  await tell(page, world, 'DiskFull');
  const [signals, heard] = [page.locator('#signals'), page.locator('#heard')];
  await expect(async () => {
    await tell(page, world, alive, 1);
    await open(page, '/runs/RUN-1');
    await expect(heard).toContainText('The signal clients-lost stayed silent', { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await expect(signals).toContainText('ZooKeeperDown began to fire');
  await expect(signals.locator('details', { hasText: 'zookeeper-down' })).toContainText('Agreed');
  await expect(heard).toContainText('DiskFull');
  await expect(heard).not.toContainText(alive);

  await Promise.all([page.waitForEvent('load'), heard.getByRole('link', { name: 'Begin a finding' }).click()]);
  await awake(page);
  await expect(page.getByLabel('Title')).toHaveValue('Blind spot: clients-lost');
  await press(page, 'Write finding');
  await expect(page).toHaveURL(`${world.url}/findings/FND-1`);
  await open(page, '/runs/RUN-1');
  await expect(heard.getByRole('link', { name: 'FND-1' })).toBeVisible();
  await expect(heard.getByRole('link', { name: 'Begin a finding' })).toHaveCount(0);
}

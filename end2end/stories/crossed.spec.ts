// An abort condition is crossed while pages are open: everybody hears of it at once, also whoever has paused.
import { expect, expectAccessible, open, press, startWorld, test as plain, type World } from '../base.ts';
import { guest, RUN, signIn, watchRun } from '../live.ts';
import { begin, restartOneZooKeeper, send, setUp } from '../notebook.ts';
import { startPrometheus, type Prometheus } from '../prometheus.ts';

const test = plain.extend<object, { prometheus: Prometheus; world: World }>({
  prometheus: [
    async ({}, use) => {
      const prometheus = await startPrometheus();
      await use(prometheus);
      await prometheus.stop();
    },
    { scope: 'worker' },
  ],
  // The operator of this world lets the server call this machine.
  world: [
    async ({ prometheus }, use) => {
      const settings = { RETRIAL_OUTGOING_NETWORKS: '127.0.0.1', RETRIAL_OUTGOING_PORTS: String(prometheus.port) };
      const world = await startWorld(undefined, settings);
      await use(world);
      await world.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

const CROSSED = 'Abort condition reached: alerts are gone.';

test('a crossing arrives on open pages, and a paused one says it', async ({ page, browser, world, prometheus }) => {
  test.setTimeout(180_000);
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await open(page, '/experiments/EXP-1/edit');
  await page.getByText('Measured by Prometheus while a run goes on').click();
  await page.getByLabel('Prometheus', { exact: true }).fill(prometheus.url);
  await page.getByLabel('Asked every').fill('1 s');
  const condition = page.getByRole('group', { name: 'Watched condition 1', exact: true });
  await condition.getByLabel('Abort when').fill('alerts are gone');
  await condition.getByLabel('PromQL').fill('max(alert_gap_seconds)');
  await condition.getByLabel('Limit').fill('600');
  await press(page, 'Save plan');
  await send(page, world, '/experiments/EXP-1/request-review');
  await send(page, world, '/experiments/EXP-1/plan/2/approve');
  prometheus.says('38');
  await begin(page, world, 'RUN-1', 'zk-1');

  const paused = await guest(browser, world);
  await signIn(paused, 'ana');
  for (const each of [page, paused]) {
    await watchRun(each);
  }
  await expect(page.locator('#measured')).toContainText('Not reached', { timeout: 60_000 });
  await paused.getByRole('button', { name: 'Pause updates' }).click();
  prometheus.says('700');

  await expect(page.locator('#log')).toContainText(`${CROSSED} Read: 700.`, { timeout: 60_000 });
  await expect(page.getByRole('alert').and(page.locator('#live-urgent'))).toContainText(CROSSED);
  await expect(page.locator('#prompts [data-prompt=abort_condition]')).toContainText('Consider aborting the run.');
  await expect(paused.getByRole('alert').and(paused.locator('#live-urgent'))).toHaveText(CROSSED);
  await expect(paused.locator('#live-state')).toContainText(`${CROSSED} Paused.`);
  await expect(paused.locator('#log'), 'it is paused').not.toContainText('Abort condition reached');

  await send(page, world, `${RUN}/abort`, [['reason', 'own_effect']]);
  await expect(paused.locator('#live-urgent')).toHaveText(`${CROSSED} Aborted by Ana: own effect.`);
  await paused.getByRole('button', { name: 'Resume updates' }).click();
  await expect(paused.locator('#log')).toContainText(CROSSED);
  await expect(paused.locator('#live-state')).toHaveText('Live: what others write appears here by itself.');
  await expectAccessible(paused);
  await paused.context().close();
});

// Without a line of script a live run's page is what it was when it was loaded, and says so.
import { expect, open, ownWorld } from '../base.ts';
import { begin, restartOneZooKeeper, send, setUp } from '../notebook.ts';

const test = ownWorld();

test('a live run is followed by loading its page again', async ({ page, world }) => {
  test.setTimeout(60_000);
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await begin(page, world, 'RUN-1', 'zk-1');
  await open(page, '/runs/RUN-1');
  await expect(page.locator('#live-state')).toHaveText('This page shows what was so when it was loaded.');
  await expect(page.getByRole('button', { name: 'Pause updates' })).toBeHidden();
  await send(page, world, '/runs/RUN-1/observe', [['text', 'the queue grows'], ['kind', 'expected']]);
  await open(page, '/runs/RUN-1');
  await expect(page.locator('#log')).toContainText('the queue grows');
});

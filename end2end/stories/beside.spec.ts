// Three browsers on one run, at two servers of one database where there are two: whoever aborts, all see it.
import { ALONE, expect, ownWorld } from '../base.ts';
import { guest, patience, PHONE, RUN, sent, signIn, watchRun } from '../live.ts';
import { invite } from '../loop.ts';
import { begin, restartOneZooKeeper, setUp } from '../notebook.ts';

const test = ownWorld();

test.describe.configure(ALONE);

test('an abort by phone at one server is on every page within a second, at whichever server it is open', async ({ page, browser, world }) => {
  test.setTimeout(120_000);
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await begin(page, world, 'RUN-1', 'zk-1');
  const invited = await guest(browser, world);
  await invite(page, invited);
  await invited.context().close();
  const other = { ...world, url: await world.beside() };
  const [observer, phone] = [await guest(browser, world), await guest(browser, other, PHONE)];
  for (const each of [observer, phone]) {
    await signIn(each, 'ben');
  }
  for (const each of [page, observer, phone]) {
    await watchRun(each);
  }

  await phone.getByText('Abort run', { exact: true }).click();
  await phone.locator('#abort input[value=people]').check();
  // Whoever presses gets a whole new page, which is no news.
  const seen = [page, observer].map(async (each) => {
    await each.locator('#log').getByText('Aborted: people.').waitFor();
    return Date.now();
  });
  const allowed = await patience([page, observer, phone]);
  const pressed = sent(phone, `${RUN}/abort`);
  await phone.getByRole('button', { name: 'Abort run now' }).click();
  for (const at of await Promise.all(seen)) {
    expect(at - (await pressed)).toBeLessThan(allowed);
  }
  for (const each of [page, observer, phone]) {
    await expect(each.getByText('Reverting after the abort').first()).toBeVisible();
  }
  for (const each of [page, observer]) {
    await expect(each.locator('#live-urgent')).toContainText('Aborted: people.');
  }
  await observer.context().close();
  await phone.context().close();
});

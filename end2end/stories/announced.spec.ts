// What a screen reader is told while others write: little at a time, and dangers at once.
import { ALONE, expect, ownWorld, type Page } from '../base.ts';
import { patience, RUN, watchRun } from '../live.ts';
import { begin, restartOneZooKeeper, send, setUp } from '../notebook.ts';

const test = ownWorld();

test.describe.configure(ALONE);

const LINES = 12;
/** Between one announcement and the next, but for what a timer is off. */
const PAUSE_MS = 4_900;

interface Said {
  readonly text: string;
  readonly at: number;
}

/** Keeps all that the calm region says from now on. */
async function attend(page: Page): Promise<void> {
  await page.locator('#live-said').evaluate((region) => {
    const said: Said[] = [];
    Object.assign(window, { said });
    const hear = () => said.push({ text: region.textContent ?? '', at: Date.now() });
    new MutationObserver(hear).observe(region, { childList: true, characterData: true, subtree: true });
  });
}

const said = (page: Page) => page.evaluate(() => (window as unknown as { said: Said[] }).said);

/** Of how many lines an announcement speaks. */
const lines = ({ text }: Said) => Number(/^(\d+) new entries/.exec(text)?.[1] ?? 1);

test('lines that come together are read out together, and an abort at once', async ({ page, world }) => {
  test.setTimeout(120_000);
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await begin(page, world, 'RUN-1', 'zk-1');
  await watchRun(page);
  await expect(page.getByRole('status').and(page.locator('#live-said'))).toHaveCount(1);
  const log = page.getByRole('log', { name: 'Timeline of RUN-1' });
  await expect(log, 'what is new is said beside it, and not twice').toHaveAttribute('aria-live', 'off');
  const cut = await page.context().newPage();
  await watchRun(cut);
  await attend(page);
  for (let number = 1; number <= LINES; number += 1) {
    await send(page, world, `${RUN}/observe`, [['text', `burst ${number}`], ['kind', 'expected']]);
  }
  const told = async () => (await said(page)).reduce((sum, one) => sum + lines(one), 0);
  await expect.poll(told, { message: 'every line is read out or counted', timeout: 30_000 }).toBe(LINES);
  const all = await said(page);
  expect(all.length, 'not one by one').toBeLessThan(LINES / 2);
  expect(all.at(-1)?.text).toContain(`burst ${LINES}`);
  await expect(log.getByRole('listitem').first(), 'the log has it').toContainText(`burst ${LINES}`);
  all.slice(1).forEach((one, index) => {
    expect(one.at - (all[index]?.at ?? 0), 'with a pause between').toBeGreaterThanOrEqual(PAUSE_MS);
  });

  const portal = '<h1>Welcome to our network</h1>';
  await cut.route(`${world.url}${RUN}`, (route) => route.fulfill({ contentType: 'text/html', body: portal }));
  const timeout = await patience([page]);
  await send(page, world, `${RUN}/abort`, [['reason', 'people']]);
  await expect(page.getByRole('alert').and(page.locator('#live-urgent'))).toContainText('Aborted: people.', { timeout });
  expect((await said(page)).length, 'it waits for no pause').toBe(all.length);
  await expect(cut.locator('#live-urgent'), 'where lines come and their page does not, too').toHaveText('Aborted by Ana: people.');
  await cut.close();
});

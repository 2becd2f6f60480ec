// Three browsers on one live run: whoever writes, everybody sees it, and nobody's text is lost. Each story goes on with the run of the one before.
import { ALONE, awake, expect, expectAccessible, open, ownWorld } from '../base.ts';
import { guest, patience, PHONE, RUN, sent, signIn, typed, watchRun } from '../live.ts';
import { invite } from '../loop.ts';
import { begin, restartOneZooKeeper, send, setUp } from '../notebook.ts';

const test = ownWorld();

test.describe.configure(ALONE);

test('what one writes appears on every page, and an abort within a second', async ({ page, browser, world }) => {
  test.setTimeout(120_000);
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await begin(page, world, 'RUN-1', 'zk-1');
  const observer = await guest(browser, world);
  await invite(page, observer);
  const phone = await guest(browser, world, PHONE);
  await signIn(phone, 'ben');
  const paused = await guest(browser, world);
  await signIn(paused, 'ben');
  for (const each of [page, observer, phone, paused]) {
    await watchRun(each);
  }
  await expect(page.locator('#live-people')).toHaveText('Has this page open: Ana, Ben.');

  await typed(phone).fill('half a sentence');
  await send(observer, world, '/runs/RUN-1/observe', [['text', 'the queue grows'], ['kind', 'unexpected']]);
  for (const each of [page, observer, phone]) {
    await expect(each.locator('#log li').first()).toContainText('the queue grows');
  }
  await expect(page.locator('#live-said')).toContainText('the queue grows');
  await expect(typed(phone), 'typed text stays').toHaveValue('half a sentence');
  await expect(typed(phone), 'and so does the focus').toBeFocused();

  await paused.getByRole('button', { name: 'Pause updates' }).click();
  await page.getByText('Abort run', { exact: true }).click();
  await page.locator('#abort input[value=people]').check();
  const pages = [observer, phone];
  const seen = pages.map((each) => each.locator('#log').getByText('Aborted: people.').waitFor().then(() => Date.now()));
  const allowed = await patience([page, observer, phone]);
  const pressed = sent(page, `${RUN}/abort`);
  await page.getByRole('button', { name: 'Abort run now' }).click();
  for (const at of await Promise.all(seen)) {
    expect(at - (await pressed)).toBeLessThan(allowed);
  }
  for (const each of pages) {
    await expect(each.getByText('Reverting after the abort').first()).toBeVisible();
    await expect(each.locator('#live-urgent')).toContainText('Aborted: people.');
  }
  await expect(paused.locator('#live-state'), 'the line says it itself').toContainText('Aborted by Ana: people. Paused.');
  await paused.getByRole('button', { name: 'Resume updates' }).click();
  await expect(paused.locator('#live-state')).toHaveText('Live: what others write appears here by itself.');
  await expect(typed(phone)).toHaveValue('half a sentence');
  await expectAccessible(observer);
  await paused.context().close();
  await observer.context().close();
  await phone.context().close();
  await awake(page);
});

test('updates can be paused, and come together afterwards', async ({ page, world }) => {
  await signIn(page, 'ana');
  await watchRun(page);
  await page.getByRole('button', { name: 'Pause updates' }).click();
  await send(page, world, '/runs/RUN-1/observe', [['text', 'meanwhile'], ['kind', 'expected']]);
  await expect(page.locator('#live-state')).toHaveText('Paused. One change waits.');
  await expect(page.locator('#log')).not.toContainText('meanwhile');
  await page.getByRole('button', { name: 'Resume updates' }).click();
  await expect(page.locator('#log')).toContainText('meanwhile');
});

test('a page that did not come is asked for again soon, and what a portal says is no end', async ({ page, world }) => {
  await signIn(page, 'ana');
  await watchRun(page);
  const asked = `${world.url}/runs/RUN-1`;
  await page.route(asked, (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Welcome to our network</h1>' }));
  const answered = page.waitForResponse(asked);
  await send(page, world, '/runs/RUN-1/observe', [['text', 'behind a portal'], ['kind', 'expected']]);
  await answered;
  await expect(page.locator('#live')).toHaveAttribute('data-state', 'lost');
  await page.unroute(asked);
  await expect(page.locator('#log')).toContainText('behind a portal', { timeout: 12_000 });
  await expect(page.locator('#live')).toHaveAttribute('data-state', 'live');
});

test('a page that is signed out elsewhere says so and keeps what is typed', async ({ browser, world }) => {
  const ben = await guest(browser, world);
  await signIn(ben, 'ben');
  await watchRun(ben);
  await typed(ben).fill('not lost');
  const other = await ben.context().newPage();
  await open(other, '/');
  await other.getByText('Ben', { exact: true }).first().click();
  await other.getByRole('button', { name: 'Sign out' }).click();
  await expect(ben.locator('#live-state')).toHaveText('You are signed out. What you typed is still here.', { timeout: 10_000 });
  await expect(ben.locator('#live-said'), 'and it is read out').toContainText('You are signed out.');
  await expect(typed(ben)).toHaveValue('not lost');
  await expect(ben.getByRole('link', { name: 'Reload the page' })).toBeVisible();
  await ben.context().close();
});

test('what one writes at a server appears on pages of another one, where there are two', async ({ page, browser, world }) => {
  const ben = await guest(browser, { ...world, url: await world.beside() });
  await signIn(ben, 'ben');
  await watchRun(ben);
  await signIn(page, 'ana');
  await watchRun(page);
  await expect(page.locator('#live-people')).toHaveText('Has this page open: Ana, Ben.');
  const seen = ben.locator('#log').getByText('from the other one').waitFor().then(() => Date.now());
  const allowed = await patience([page, ben]);
  const written = Date.now();
  await send(page, world, '/runs/RUN-1/observe', [['text', 'from the other one'], ['kind', 'expected']]);
  expect((await seen) - written).toBeLessThan(allowed);
  await ben.context().close();
});

test('a run that ends under an open page says so', async ({ page, browser, world }) => {
  await signIn(page, 'ana');
  const ben = await guest(browser, world);
  await signIn(ben, 'ben');
  await watchRun(ben);
  await send(page, world, '/runs/RUN-1/answer-check', [['check', 'instance-back|after|every'], ['seen', 'held'], ['source', 'customer count']]);
  await send(page, world, '/runs/RUN-1/finish');
  await expect(ben.locator('#live-state')).toHaveText('This run does not go on any more. What you typed is still here.');
  await Promise.all([ben.waitForEvent('load'), ben.getByRole('link', { name: 'Reload the page' }).click()]);
  await expect(ben.locator('#live')).toHaveCount(0);
  await ben.context().close();
});

test('before a run everybody sees who is here and what each part says', async ({ page, browser, world }) => {
  test.setTimeout(60_000);
  await signIn(page, 'ana');
  await send(page, world, '/runs/plan', [['experiment', 'EXP-1'], ['targets.0.name', 'zk-1'], ['targets.0.hit', 'on']]);
  const ben = await guest(browser, world);
  await signIn(ben, 'ben');
  await open(ben, '/runs/RUN-2');
  await expect(ben.locator('#live')).toHaveAttribute('data-state', 'live');
  await send(page, world, '/runs/RUN-2/attend', [['person', '1'], ['parts.0', 'owner'], ['present', 'on']]);
  await expect(ben.locator('#people-on-run')).toContainText('Ana');
  await send(page, world, '/runs/RUN-2/answer-poll', [['part', 'owner'], ['says', 'no_go'], ['text', 'The dashboard is blank']]);
  await expect(ben.locator('#poll tbody')).toContainText('The dashboard is blank');
  await send(page, world, '/runs/RUN-2/cancel', [['text', 'tomorrow']]);
  await expect(ben.locator('#live-state')).toHaveText('This run does not go on any more. What you typed is still here.');
  await ben.context().close();
});

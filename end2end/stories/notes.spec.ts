// Notes of a run with script: kept while nobody can be reached, sent once each in their order, images pasted.
import type { BrowserContext } from '@playwright/test';
import { ALONE, awake, expect, open, ownWorld, type Page, type World } from '../base.ts';
import { clockSeconds, faultBegan, guest, RUN, signIn, watchRun } from '../live.ts';
import { invite } from '../loop.ts';
import { add, note, notes, PNG, underWay } from '../notes.ts';

const test = ownWorld();

test.describe.configure(ALONE);

const CUT_MS = 20_000;

interface Seen {
  readonly text: string;
  readonly at: number;
  readonly recorded_at: number;
}

let isUnderWay = false;

/** Signed in, with RUN-1 under way. */
async function here(page: Page, world: World): Promise<void> {
  if (!isUnderWay) {
    await underWay(page, world);
    isUnderWay = true;
    return;
  }
  await signIn(page, 'ana');
  await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
}

const waiting = (page: Page) => page.locator('[data-notes]');
const kept = (page: Page) =>
  page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('retrial.note')).length);

async function observations(page: Page, world: World): Promise<Seen[]> {
  const answer = await page.request.get(`${world.url}/api/v1${RUN}/observations`);
  return ((await answer.json()) as { observations: Seen[] }).observations;
}

/** What somebody sees whose network is cut; its errors are the story's own business. */
async function away(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await open(page, RUN);
  await context.setOffline(true);
  return page;
}

/** The tab's process is gone: nothing that a page does on leaving is done. */
async function kill(page: Page): Promise<void> {
  const gone = page.waitForEvent('crash');
  page.goto('chrome://crash').catch(() => undefined);
  await gone;
  // What is left of it takes no further word, such as that the network is back.
  await page.close();
}

test('the forms do what they do without script', async ({ page, world }) => {
  test.setTimeout(120_000);
  await here(page, world);
  await notes(page);
});

test('five notes written without a network appear once, in order, with their own times', async ({ page, context, browser, world }) => {
  test.setTimeout(120_000);
  await here(page, world);
  const elsewhere = await guest(browser, world);
  await signIn(elsewhere, 'ana');
  await watchRun(elsewhere);
  const before = (await observations(page, world)).length;
  const observer = await away(context);
  const began = Date.now();
  const times: number[] = [];
  for (let n = 1; n <= 5; n += 1) {
    await note(observer).fill(`cut ${n}`);
    times.push(Date.now());
    await add(observer).click();
    await expect(waiting(observer)).toContainText(n === 1 ? '1 note waits' : `${n} notes wait`);
    await expect(note(observer)).toHaveValue('');
    await expect.poll(() => Date.now() - began, { timeout: CUT_MS }).toBeGreaterThan((n * CUT_MS) / 5);
  }
  await expect(waiting(observer)).toContainText('No connection');
  await context.setOffline(false);
  await expect(observer.locator(`#o${before + 5}`)).toContainText('cut 5', { timeout: 20_000 });
  await awake(observer);
  await expect(waiting(observer)).toContainText('5 notes are written.');

  const seen = (await observations(page, world)).slice(before);
  expect(seen.map(({ text }) => text)).toEqual(['cut 1', 'cut 2', 'cut 3', 'cut 4', 'cut 5']);
  seen.forEach(({ at, recorded_at }, index) => {
    expect(Math.abs(at / 1_000 - (times[index] ?? 0)), 'its own time').toBeLessThan(2_000);
    expect(recorded_at / 1_000, 'written down later').toBeGreaterThanOrEqual(began + CUT_MS);
  });
  expect(await kept(observer)).toBe(0);
  const fault = await faultBegan(page, world);
  const seconds = seen.map(({ at }) => Math.floor((at - fault) / 1_000_000));
  for (const each of [observer, elsewhere]) {
    // The newest line stands on top.
    const lines = each.locator('#log li').filter({ hasText: /cut \d/ });
    await expect(lines, 'once each').toHaveCount(5);
    await expect(lines, 'in their order').toContainText(['cut 5', 'cut 4', 'cut 3', 'cut 2', 'cut 1']);
    const clocks = await lines.locator('.clock').allInnerTexts();
    expect(clocks.map(clockSeconds), 'each with its own time').toEqual(seconds.toReversed());
  }
  await elsewhere.context().close();
  await observer.close();
});

test('a tab that is killed keeps what was written and what was typed', async ({ page, browser, world }) => {
  await here(page, world);
  const before = (await observations(page, world)).length;
  // A context of its own: its process shows no other page.
  const own = await guest(browser, world);
  await signIn(own, 'ana');
  const context = own.context();
  const observer = await away(context);
  await own.close();
  await note(observer).fill('written and not sent');
  await add(observer).click();
  await expect(waiting(observer)).toContainText('1 note waits');
  await note(observer).pressSequentially('half a sen');
  await kill(observer);
  await context.setOffline(false);
  const next = await context.newPage();
  await open(next, RUN);
  await expect(next.locator(`#o${before + 1}`)).toContainText('written and not sent', { timeout: 20_000 });
  await awake(next);
  await next.getByRole('button', { name: 'Restore draft' }).first().click();
  await expect(note(next)).toHaveValue('half a sen');
  expect((await observations(page, world)).filter(({ text }) => text === 'written and not sent')).toHaveLength(1);
  await context.close();
});

test('a portal that says 200 to everything takes no note', async ({ page, context, world }) => {
  await here(page, world);
  const before = (await observations(page, world)).length;
  const observer = await context.newPage();
  await open(observer, RUN);
  const sent = '**/api/v1/runs/*/observe';
  await observer.route(sent, (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Welcome to our network</h1>' }));
  await note(observer).fill('behind a portal');
  await add(observer).click();
  await expect(waiting(observer)).toContainText('The notebook has trouble. 1 note waits');
  expect(await kept(observer)).toBe(1);
  await observer.unroute(sent);
  await expect(observer.locator(`#o${before + 1}`)).toContainText('behind a portal', { timeout: 20_000 });
  expect(await kept(observer)).toBe(0);
  await observer.close();
});

test('the form to abort opens though another note is written after the command', async ({ page, context, world }) => {
  await here(page, world);
  const observer = await away(context);
  for (const [index, text] of ['/abort the queue grows', 'and grows'].entries()) {
    await note(observer).fill(text);
    await add(observer).click();
    await expect(waiting(observer)).toContainText(index === 0 ? '1 note waits' : '2 notes wait');
  }
  await context.setOffline(false);
  await observer.waitForURL(/abort=on/, { timeout: 20_000 });
  await awake(observer);
  await expect(observer.locator('#log')).toContainText('and grows', { timeout: 20_000 });
  expect(await kept(observer)).toBe(0);
  await observer.close();
});

test('an unknown command is not sent and stays in the box', async ({ page, context, world }) => {
  await here(page, world);
  const observer = await context.newPage();
  await open(observer, RUN);
  await note(observer).fill('lag\n/unexpcted');
  await add(observer).click();
  await expect(waiting(observer)).toContainText('did you mean /unexpected');
  await expect(note(observer)).toHaveValue('lag\n/unexpcted');
  expect(await kept(observer)).toBe(0);
  await observer.close();
});

test('without a network an unknown command stays in the box, too', async ({ page, context, world }) => {
  await here(page, world);
  const observer = await away(context);
  await note(observer).fill('before it');
  await add(observer).click();
  await expect(waiting(observer)).toContainText('1 note waits');
  await note(observer).fill('lag\n/unexpcted');
  await add(observer).click();
  await expect(waiting(observer)).toContainText('did you mean /unexpected');
  await expect(waiting(observer), 'and the other one goes on waiting').toContainText('1 note waits');
  await expect(note(observer)).toHaveValue('lag\n/unexpcted');
  expect(await kept(observer)).toBe(1);
  await note(observer).fill('lag\n/unexpected');
  await add(observer).click();
  await expect(waiting(observer)).toContainText('2 notes wait');
  await expect(waiting(observer)).not.toContainText('did you mean');
  await context.setOffline(false);
  await expect.poll(() => kept(observer), { timeout: 20_000 }).toBe(0);
  await observer.close();
});

test('an image that is pasted into a note asks what it shows', async ({ page, world }) => {
  await here(page, world);
  await open(page, RUN);
  await note(page).fill('look');
  await note(page).evaluate((field, content) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, PNG.toString('base64'));
  const form = page.locator('form[action$="/attach-image"]');
  await expect(form.getByRole('status')).toContainText('Say what it shows');
  await expect(form.getByLabel('What it shows')).toBeFocused();
  await form.getByLabel('What it shows').fill('Pasted gap');
  await Promise.all([page.waitForEvent('load'), form.getByRole('button', { name: 'Attach image' }).click()]);
  await awake(page);
  await expect(page.getByRole('img', { name: 'Pasted gap' })).toBeVisible();
});

test('a note waits for whoever wrote it, whoever signs in meanwhile', async ({ page, browser, world }) => {
  test.setTimeout(60_000);
  await here(page, world);
  const before = (await observations(page, world)).length;
  const own = await guest(browser, world);
  await invite(page, own);
  await signIn(own, 'ana');
  const observer = await own.context().newPage();
  await open(observer, RUN);
  const sent = '**/api/v1/runs/*/observe';
  await observer.route(sent, (route) => route.abort());
  await note(observer).fill('in my own name');
  await add(observer).click();
  await expect(waiting(observer)).toContainText('1 note waits');
  await signIn(own, 'ben');
  await observer.unroute(sent);
  await expect(waiting(observer)).toContainText('You are signed out. 1 note waits', { timeout: 20_000 });
  await open(own, RUN);
  await expect(waiting(own)).toContainText('1 note of somebody else waits in this browser');
  expect(await observations(page, world)).toHaveLength(before);
  await signIn(own, 'ana');
  await open(own, RUN);
  await expect(own.locator(`#o${before + 1}`)).toContainText('in my own name', { timeout: 20_000 });
  await expect(own.locator(`#o${before + 1}`)).toContainText('Ana');
  await expect.poll(() => kept(own)).toBe(0);
  await own.context().close();
});

test('signing out drops what waits', async ({ page, context, world }) => {
  await here(page, world);
  const observer = await context.newPage();
  await open(observer, RUN);
  await observer.route('**/api/v1/runs/*/observe', (route) => route.abort());
  await note(observer).fill('for my eyes');
  await add(observer).click();
  await expect(waiting(observer)).toContainText('1 note waits');
  expect(await kept(observer)).toBe(1);
  await observer.getByText('Ana', { exact: true }).first().click();
  await observer.getByRole('button', { name: 'Sign out' }).click();
  await awake(observer);
  expect(await kept(observer)).toBe(0);
  await observer.close();
});

test('a time of day is meant as the page is read, whenever it is sent', async ({ page, context, world }) => {
  await here(page, world);
  await open(page, '/profile');
  await page.getByLabel('Time zone').fill('Europe/Berlin');
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Save profile' }).click()]);
  await open(page, RUN);
  await Promise.all([page.waitForEvent('load'), page.locator('#zones').getByRole('button', { name: 'UTC' }).click()]);
  const before = (await observations(page, world)).length;
  // Two tabs of a run send what waits; of both at once, one is told that the note is on its way, which a browser calls an error.
  await open(page, '/');
  const observer = await away(context);
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  await note(observer).fill(`/t ${new Date(minute).toISOString().slice(11, 16)} by the other clock`);
  await add(observer).click();
  await expect(waiting(observer)).toContainText('1 note waits');
  await context.setOffline(false);
  await expect(observer.locator(`#o${before + 1}`)).toContainText('by the other clock', { timeout: 20_000 });
  expect((await observations(page, world)).at(-1)?.at, 'in microseconds').toBe(minute * 1_000);
  await observer.close();
});

// The server ends in the middle of a run, told to or killed, under people who write and watch.
import { ALONE, expect, open, ownWorld, type Page, type World } from '../base.ts';
import { clockSeconds, faultBegan, guest, PHONE, RUN, signIn, typed, watchRun } from '../live.ts';
import { begin, restartOneZooKeeper, send, setUp } from '../notebook.ts';
import { add } from '../notes.ts';

const test = ownWorld();

test.describe.configure(ALONE);

/** A run's clock shows whole seconds and moves once in each: twice what it can be behind is wrong for sure. */
const CLOCK_MS_MAX = 2_500;
/** Long enough that a clock which stands still while nobody answers is wrong. */
const AWAY_MS = 4_000;
/** A browser that was refused tries again after seconds, each time later. */
const BACK_MS_MAX = 30_000;

interface Line {
  readonly seq: number;
  readonly body: { readonly text?: string } | null;
}

/** What happened to the run, as the trail has it. */
async function trail(page: Page, world: World): Promise<Line[]> {
  const lines: Line[] = [];
  for (;;) {
    const after = lines.at(-1)?.seq ?? 0;
    const answer = await page.request.get(`${world.url}/api/v1/events?about=RUN-1&limit=200&after=${after}`);
    const { events, more } = (await answer.json()) as { events: Line[]; more: boolean };
    lines.push(...events);
    if (!more) {
      return lines;
    }
  }
}

/** A stream of this page's own from the first line on, which goes on by what it heard last. */
async function listen(page: Page): Promise<void> {
  await page.evaluate((address) => {
    const heard: number[] = [];
    Object.assign(window, { heard });
    const connect = () => {
      const source = new EventSource(`${address}?after=${heard.at(-1) ?? 0}`);
      source.addEventListener('message', (event) => heard.push(Number(event.lastEventId)));
      source.addEventListener('error', () => {
        if (source.readyState === EventSource.CLOSED) {
          setTimeout(connect, 200);
        }
      });
    };
    connect();
  }, `/api/v1${RUN}/events`);
}

const heard = (page: Page) => page.evaluate(() => (window as unknown as { heard: number[] }).heard);

/** Writes on and on until nobody answers. Each text that was acknowledged is in `taken`. */
async function write(page: Page, world: World, name: string, taken: string[]): Promise<void> {
  for (let number = 1; ; number += 1) {
    const text = `${name} ${number}`;
    const sent = page.request.post(`${world.url}/api/v1${RUN}/observe`, {
      headers: { Origin: world.url, 'Content-Type': 'application/json' },
      data: JSON.stringify({ text }),
    });
    const status = await sent.then(
      (response) => response.status(),
      () => 503,
    );
    if (status === 503) {
      return;
    }
    expect([200, 201], text).toContain(status);
    taken.push(text);
  }
}

/** What the page's clock shows, in milliseconds. */
const clockMs = async (page: Page) => clockSeconds(await page.locator('#run-clock').innerText()) * 1_000;

async function expectRightClock(page: Page, began: number): Promise<void> {
  const shown = await clockMs(page);
  expect(Math.abs(Date.now() - began / 1_000 - shown), `the clock shows ${shown} ms`).toBeLessThan(CLOCK_MS_MAX);
}

test('a server that is told to end, and one that is killed, lose nothing in the middle of a run', async ({ page, browser, world }) => {
  test.setTimeout(240_000);
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  const earliest = Date.now();
  await begin(page, world, 'RUN-1', 'zk-1');
  const began = await faultBegan(page, world);
  expect(began / 1_000).toBeGreaterThanOrEqual(earliest);
  expect(began / 1_000).toBeLessThanOrEqual(Date.now());
  // Its own page has no stream that is cut.
  await open(page, '/help');
  const [observer, phone] = [await guest(browser, world), await guest(browser, world, PHONE)];
  const watchers = [observer, phone];
  for (const each of watchers) {
    await signIn(each, 'ana');
    await watchRun(each);
    await listen(each);
  }

  const taken: string[] = [];
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const [half, meanwhile, afterwards] = [`half a sentence, ${signal}`, `while away, ${signal}`, `afterwards, ${signal}`];
    await typed(phone).fill(half);
    const before = taken.length;
    const writing = write(page, world, signal, taken);
    await expect.poll(() => taken.length, 'it ends while somebody writes').toBeGreaterThan(before + 2);
    await world.restart(signal, async () => {
      await writing;
      await expect(observer.locator('#live')).not.toHaveAttribute('data-state', 'live');
      await typed(observer).fill(meanwhile);
      await add(observer).click();
      await expect(observer.locator('[data-notes]')).toContainText('1 note waits');
      const left = await clockMs(observer);
      await expect.poll(() => clockMs(observer), { timeout: 3 * AWAY_MS }).toBeGreaterThanOrEqual(left + AWAY_MS);
      await expectRightClock(observer, began);
    });

    await send(page, world, `${RUN}/observe`, [['text', afterwards], ['kind', 'expected']]);
    for (const each of watchers) {
      await expect(each.locator('#live')).toHaveAttribute('data-state', 'live', { timeout: BACK_MS_MAX });
      await expect(each.locator('#log')).toContainText(afterwards);
      await expect(each.locator('#log'), 'what waited was sent').toContainText(meanwhile, { timeout: BACK_MS_MAX });
      await expectRightClock(each, began);
    }
    await expect(typed(phone)).toHaveValue(half);
    taken.push(meanwhile, afterwards);
    const lines = await trail(page, world);
    const texts = lines.map(({ body }) => body?.text);
    for (const text of taken) {
      expect(texts.filter((written) => written === text), text).toHaveLength(1);
    }
    for (const each of watchers) {
      await expect.poll(() => heard(each), { timeout: BACK_MS_MAX }).toEqual(lines.map(({ seq }) => seq));
    }
    expect(await faultBegan(page, world)).toBe(began);
  }
  await observer.context().close();
  await phone.context().close();
});

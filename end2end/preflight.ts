// From the pre-flight to the end of a run, by people with a keyboard, a mouse or one thumb. Walked with and without script.
import { awake, expect, expectAccessible, inEveryLook, open, test, type Page, type World } from './base.ts';
import { ready, restartOneZooKeeper, send, setUp } from './notebook.ts';

async function press(page: Page, name: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name, exact: true }).click()]);
  await awake(page);
}

/** Accessible, and no wider than its window, in both themes and both widths. */
async function fits(page: Page): Promise<void> {
  if (test.info().project.use.javaScriptEnabled === false) {
    return; // axe is a script itself
  }
  await inEveryLook(page, async (look) => {
    await expectAccessible(page);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(beyond, `${page.url()} in ${look} scrolls sideways`).toBeLessThanOrEqual(0);
  });
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** Ana alone has all parts: she says no-go, looks, and takes it back. */
async function preflight(page: Page): Promise<void> {
  await open(page, '/runs/RUN-1');
  const poll = page.locator('#poll');
  await expect(poll.locator('tbody')).toContainText('Not said');
  await poll.getByLabel('No-go').check();
  await poll.getByLabel('Why not').fill('The dashboard is blank');
  await press(page, 'Record');
  await expect(page.locator('#gate li[data-check=go_no_go]')).toContainText('the Owner says no-go: The dashboard is blank');
  await press(page, 'Start run');
  await expect(page.locator('.errors')).toContainText('The dashboard is blank');

  const looks = page.locator('#looks');
  await looks.locator('summary', { hasText: 'Record what you see' }).click();
  await looks.getByLabel('Dashboards of the steady state', { exact: true }).selectOption('clear');
  await press(page, 'Record looks');
  await expect(looks.locator('li[data-look=dashboards]')).toContainText('Clear');
  await poll.locator('summary', { hasText: 'Say go or no-go' }).click();
  await poll.getByLabel('Go', { exact: true }).check();
  await press(page, 'Record');
  await expect(page.locator('#gate li[data-check=go_no_go]')).toContainText('nobody says no-go');
  await fits(page);
  await press(page, 'Start run');
}

/** Whatever one presses in a hurry is on the screen, wherever one has scrolled to. */
async function staysInReach(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 640 });
  const stop = page.locator('#abort > summary');
  for (const place of ['#observe', '#checks', '#end']) {
    await page.locator(place).scrollIntoViewIfNeeded();
    await expect(stop, `at ${place}`).toBeInViewport();
    const box = await stop.boundingBox();
    expect(box?.height ?? 0).toBeGreaterThanOrEqual(44);
    expect(box?.y ?? 0, 'below the thumb').toBeGreaterThan(320);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

export async function liveThroughARun(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await send(page, world, '/runs/plan', [['experiment', 'EXP-1'], ['targets.0.name', 'zk-1'], ['targets.0.hit', 'on']]);
  await ready(page, world, 'RUN-1');
  await preflight(page);

  const bar = page.getByRole('region', { name: 'Now', exact: true });
  await expect(bar).toContainText('Before the fault');
  await press(page, 'Start step 1');
  await press(page, 'Fault began');
  await expect(bar).toContainText(/Fault under way\s*T\+00:/);
  await press(page, 'Step 1 done');
  await expect(page.locator('#method')).toContainText('Done');
  await expect(page.locator('#watched')).toContainText('Lost events above 10,000');
  await page.locator('#lanes summary').click();
  await expect(page.locator('#lanes-table')).toContainText('Fault began.');
  await staysInReach(page);
  await fits(page);

  // The whole of it by keyboard: from the button to the reason, and no further than that.
  await page.locator('#abort > summary').focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Unrelated trouble').focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Abort run now' }).focus();
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  await awake(page);
  await expect(bar).toContainText('Reverting after the abort');
  await expect(page.locator('#now')).toContainText('Reverting for');
  await expect(bar).toContainText(/Reverting for \d\d:\d\d/);
  await open(page, '/runs/RUN-1/live');
  await expect(page, 'the live address leads to the page of the run').toHaveURL(/\/runs\/RUN-1$/);
}

// A fix is proven by a run that was moved in the calendar; the proof grows old, is due, and is made again. Walked with and without script.
import { awake, expect, open, press, type Page, type World } from './base.ts';
import { close, end, foundAndFixed, restartOneZooKeeper, send, setUp, start, type Trial } from './notebook.ts';
import { accessible, move } from './rerun.ts';

/** Monday, 11 November 2030. */
export const MONDAY = '2030-11-11T09:00:00Z';
/** Ten o'clock in Berlin: when the run is, once it was moved. */
const THURSDAY = '2030-11-14T09:00:00Z';
const A_MONTH_LATER = '2030-12-15T10:00:00Z';

const HELD: Trial = { target: 'zk-1' };

/** Logins do not last for days. */
async function comeBack(page: Page, world: World, moment: string): Promise<void> {
  await world.moveTo(moment);
  await page.context().clearCookies();
  await open(page, '/login');
  await page.getByLabel('E-mail').fill('ana@example.org');
  await page.getByLabel('Password').fill('correct horse battery');
  await press(page, 'Sign in');
}

async function fixIs(page: Page, standing: string): Promise<void> {
  await open(page, '/fixes/FIX-1');
  await expect(page.locator('.page-head')).toContainText(standing);
}

export async function provenAgain(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await foundAndFixed(page, world);
  await send(page, world, '/runs/plan', [
    ['experiment', 'EXP-1'],
    ['owner', 'Ana'],
    ['planned_at', '2030-11-12T10:00'],
    ['targets.0.name', 'zk-1'],
    ['targets.0.hit', 'on'],
  ]);
  await open(page, '/calendar?view=month&from=2030-11-01');
  await expect(page.locator('#month')).toContainText('RUN-2');
  await accessible(page);
  await move(page, 'RUN-2', '2030-11-14T10:00', 'The release needs the morning');
  await expect(page.locator('.flash')).toContainText('RUN-2 is moved');
  await open(page, '/calendar?view=week&from=2030-11-11');
  await expect(page.locator('#week tr', { hasText: 'Thursday' })).toContainText('RUN-2');

  await comeBack(page, world, THURSDAY);
  await start(page, world, 'RUN-2', 'zk-1');
  await end(page, world, 'RUN-2', HELD, 'upheld');
  await close(page, world, 'RUN-2', 'held');
  await fixIs(page, 'Verified');
  await open(page, '/due');
  await expect(page.locator('main')).not.toContainText('FIX-1');

  await comeBack(page, world, A_MONTH_LATER);
  await fixIs(page, 'Stale');
  await accessible(page);
  await open(page, '/due');
  const row = page.locator('#due tbody tr', { hasText: 'FIX-1' }).first();
  await expect(row).toContainText('Stale');
  await accessible(page);
  await row.getByRole('link', { name: 'Plan rerun' }).focus();
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  await awake(page);
  await page.getByLabel('Target 1', { exact: true }).fill('zk-1');
  await page.getByLabel('Hit target 1').check();
  await press(page, 'Schedule run');
  await expect(page).toHaveURL(/\/runs\/RUN-3$/);

  await start(page, world, 'RUN-3', 'zk-1');
  await end(page, world, 'RUN-3', HELD, 'upheld');
  await close(page, world, 'RUN-3', 'held');
  await fixIs(page, 'Verified');
  await accessible(page);
  await open(page, '/due');
  await expect(page.locator('main')).not.toContainText('FIX-1');
  await open(page, '/runs/RUN-3/report');
  await expect(page.locator('#proven')).toContainText('RUN-3 proves FIX-1 for FND-1 until 14 Jan 2031');
  await accessible(page);
}

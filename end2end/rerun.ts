// A run is planned, seen in the calendar and moved there by keys alone; a cadence asks for it again. Walked with and without script.
import { awake, expect, expectAccessible, open, test, type Page, type World } from './base.ts';
import { restartOneZooKeeper, send, setUp } from './notebook.ts';

/** Presses a button by keys alone. */
export async function enter(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name, exact: true });
  await button.focus();
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  await awake(page);
}

export async function accessible(page: Page): Promise<void> {
  if (test.info().project.use.javaScriptEnabled !== false) {
    await expectAccessible(page); // axe is a script itself
  }
}

/** Moves a run by its form in the calendar that is shown, by keys alone. */
export async function move(page: Page, id: string, to: string, why: string): Promise<void> {
  const summary = page.locator('summary', { hasText: `Move ${id} to` });
  await summary.focus();
  await page.keyboard.press('Enter');
  const field = `#runs-${id.toLowerCase()}-move-to`;
  await page.locator(`${field}-planned-at`).fill(to);
  await page.locator(`${field}-text`).focus();
  await page.keyboard.type(why);
  await enter(page, 'Move run');
}

export async function plannedAndMoved(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await send(page, world, '/runs/plan', [
    ['experiment', 'EXP-1'],
    ['planned_at', '2030-11-12T10:00'],
  ]);
  await open(page, '/calendar?view=month&from=2030-11-01');
  await expect(page.locator('#month')).toContainText('RUN-1');
  await accessible(page);

  await move(page, 'RUN-1', '2030-11-14T10:00', 'The release needs the morning');
  await expect(page.locator('.flash')).toContainText('RUN-1 is moved');
  await expect(page).toHaveURL(/view=month/);
  await open(page, '/calendar?view=week&from=2030-11-14');
  await expect(page.locator('#week tr', { hasText: 'Thursday' })).toContainText('RUN-1');
  await open(page, '/runs/RUN-1');
  await expect(page.locator('main')).toContainText('The release needs the morning');

  await open(page, '/experiments/EXP-1/cadence');
  await page.locator('#experiments-exp-1-cadence-at').fill('25:00');
  await enter(page, 'Set cadence');
  await expect(page.locator('.errors')).toContainText('Takes a time of day such as 10:00');
  await page.locator('#experiments-exp-1-cadence-at').fill('10:00');
  await page.locator('#experiments-exp-1-cadence-promise-days').fill('10');
  await enter(page, 'Set cadence');
  await expect(page.locator('main')).toContainText('every week on Tuesday at 10:00');
  await expect(page.locator('main')).toContainText('with a valid run every 10 days');
  await accessible(page);
  const skip = page.locator('#slots summary', { hasText: 'Skip' }).first();
  await skip.focus();
  await page.keyboard.press('Enter');
  const why = page.locator('#experiments-exp-1-cadence-skip-0-text');
  await why.focus();
  await page.keyboard.type('Release day');
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  await awake(page);
  await expect(page.locator('#slots')).toContainText('Release day');
  await open(page, '/calendar?view=agenda');
  await expect(page.locator('#agenda')).toContainText('Release day');
  await accessible(page);
  await open(page, '/');
  await expect(page.locator('#next'), 'the first slot is within a week').toContainText('Release day');
  await accessible(page);
}

/** Arrow keys choose the time, and the form takes it. With script only. */
export async function movedByArrows(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  for (const at of ['2030-11-12T10:00', '2030-11-19T10:00']) {
    await send(page, world, '/runs/plan', [
      ['experiment', 'EXP-1'],
      ['planned_at', at],
    ]);
  }
  await open(page, '/calendar?view=month&from=2030-11-01');
  await expect(page.locator('#calendar-keys')).toBeVisible();
  const first = page.locator('summary', { hasText: 'Move RUN-1' });
  const second = page.locator('summary', { hasText: 'Move RUN-2' });
  const field = page.locator('#runs-run-1-move-to-planned-at');
  const said = page.locator('#calendar-said');
  await expect(first).toHaveAttribute('tabindex', '0');
  await expect(second).toHaveAttribute('tabindex', '-1');
  await first.focus();
  await page.keyboard.press('ArrowDown');
  await expect(second).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(first).toBeFocused();

  await page.keyboard.press('PageDown');
  await expect(said).toContainText('RUN-1: Tuesday, 19 November 2030');
  await expect(page.locator('[data-target]')).toHaveAttribute('data-date', '2030-11-19');
  await page.keyboard.press('Escape');
  await expect(said).toHaveText('RUN-1 stays where it is.');
  await expect(page.locator('[data-target]')).toHaveCount(0);
  await expect(field).toHaveValue('2030-11-12T10:00');

  const days = ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft'];
  const quarters = ['Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowLeft'];
  for (const key of [...days, ...quarters]) {
    await page.keyboard.press(key);
  }
  await expect(said).toContainText('RUN-1: Thursday, 14 November 2030');
  await expect(said).toContainText('10:15');
  await accessible(page);
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('2030-11-14T10:15');
  await expect(page.locator('#runs-run-1-move-to-text')).toBeFocused();
  await page.keyboard.type('The release needs the morning');
  await enter(page, 'Move run');
  await expect(page.locator('.flash')).toContainText('RUN-1 is moved');
  await expect(page.locator('[data-date="2030-11-14"]')).toContainText('RUN-1');
}

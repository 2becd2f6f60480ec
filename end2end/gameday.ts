// Runs are put together for a game day, people note what they see, and it is called off. Walked with and without script.
import { expect, open, press, type Page, type World } from './base.ts';
import { begin, restartOneZooKeeper, send, setUp } from './notebook.ts';

export async function heldTogether(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  for (const time of ['2030-11-12T10:30', '2030-11-12T14:30']) {
    await send(page, world, '/runs/plan', [
      ['experiment', 'EXP-1'],
      ['planned_at', time],
    ]);
  }
  await open(page, '/calendar');
  await page.getByRole('link', { name: 'Game days' }).click();
  await page.getByRole('link', { name: 'New game day' }).click();
  await page.locator('#gamedays-title').fill('Quorum day');
  await page.locator('#gamedays-date').fill('2030-11-12');
  await page.getByLabel('RUN-1 Restart one ZooKeeper').check();
  await page.getByLabel('RUN-2 Restart one ZooKeeper').check();
  await page.getByLabel('Agenda beside the runs').fill('Briefing');
  await page.locator('#gamedays-owner').selectOption('Ana');
  await press(page, 'Write game day');
  await expect(page.locator('.errors')).toContainText('write a time and what is done');
  await expect(page.getByLabel('RUN-2 Restart one ZooKeeper')).toBeChecked();
  await page.getByLabel('Agenda beside the runs').fill('10:00 Briefing');
  await press(page, 'Write game day');
  await expect(page).toHaveURL(/\/gamedays\/GD-1$/);
  const lines = page.locator('#agenda-table tbody tr');
  await expect(lines).toHaveCount(3);
  await expect(lines.nth(0)).toContainText('Briefing');
  await expect(lines.nth(1)).toContainText('RUN-1');
  await expect(lines.nth(2)).toContainText('outside of the game day');

  await page.locator('#gamedays-gd-1-add-note-text').fill('Ben is late, see RUN-1');
  await press(page, 'Add note');
  await expect(page.locator('#notes').getByRole('link', { name: 'RUN-1' })).toBeVisible();

  await begin(page, world, 'RUN-3', 'zk-1');
  await open(page, '/gamedays/GD-1/edit');
  await page.getByLabel('RUN-3 Restart one ZooKeeper').check();
  await press(page, 'Save game day');
  const timeline = page.getByRole('log', { name: 'Timeline of the runs of GD-1' });
  await expect(timeline).toContainText('Leader moved to zk-4');
  await timeline.getByRole('link', { name: 'RUN-3 o1' }).click();
  await expect(page).toHaveURL(/\/runs\/RUN-3#o1$/);

  await open(page, '/runs/RUN-1');
  await page.getByRole('link', { name: 'GD-1' }).click();
  await open(page, '/calendar?view=month&from=2030-11-01');
  await page.locator('#month').getByRole('link', { name: 'Game day: Quorum day' }).click();
  await page.locator('summary', { hasText: 'Cancel GD-1' }).click();
  await page.locator('#gamedays-gd-1-cancel-why').fill('A storm is coming');
  await press(page, 'Cancel game day');
  await expect(page.locator('.page-head')).toContainText('Cancelled');
  await expect(page.locator('main')).toContainText('Ana called it off: A storm is coming');
}

// The gate in production: it says what is missing, refuses, is answered by a second person, and keeps what it said. Walked with and without script.
import { expect, open, press, type Page, type World } from './base.ts';
import { ready, restartOneZooKeeper, send, setUp } from './notebook.ts';

export async function throughTheGate(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await send(page, world, '/environments/production/edit', [['name', 'Production'], ['class', 'production'], ['version', '2']]);

  await open(page, '/runs/new?experiment=EXP-1');
  const gate = page.locator('#gate');
  await expect(gate).toContainText('these services have no SLO in this environment');
  await expect(gate).toContainText('Asked once there is a run: quorum, go or no-go, incidents, steady state.');
  await page.getByLabel('Target 1', { exact: true }).fill('zk-1');
  await page.getByLabel('Hit target 1').check();
  await press(page, 'Check gate');
  await expect(gate).toContainText('these services have no SLO in this environment');
  await expect(page.getByLabel('Target 1', { exact: true })).toHaveValue('zk-1');
  await press(page, 'Schedule run');
  await expect(gate).toContainText('The gate is closed');
  await expect(gate.locator('li[data-check=quorum]')).toContainText('no Owner is marked present');
  await expect(gate.locator('li[data-check=incident]')).toContainText('in production that is a no: nobody looked for incidents');

  await page.getByLabel('Role of target 1').fill('leader');
  await press(page, 'Start run');
  await expect(page.locator('.errors')).toContainText('no Owner is marked present');
  await expect(page.getByLabel('Role of target 1')).toHaveValue('leader');

  await send(page, world, '/environments/production/edit', [['name', 'Production'], ['class', 'other'], ['version', '3']]);
  await ready(page, world, 'RUN-1');
  await open(page, '/runs/RUN-1');
  await expect(gate).toContainText('The gate is open.');
  await expect(gate.locator('li[data-check=revert]')).toContainText('Ana answered');
  await press(page, 'Start run');
  await page.getByText('Gate at the start').click();
  await expect(gate).toContainText('Present: Ana.');

  await open(page, '/policy');
  await page.getByLabel('Targets at once, at most').fill('2');
  await page.getByLabel('Look again on').fill('soon');
  await press(page, 'Save version');
  await expect(page.getByLabel('Look again on')).toHaveValue('soon');
  await page.getByLabel('Look again on').fill('2037-03-31');
  await press(page, 'Save version');
  await press(page, 'Approve version 1');
  await expect(page.getByText('Version 1 holds now.')).toBeVisible();
}

// A team says when it works, a freeze comes and goes, and every page says so meanwhile. Walked with and without script.
import { expect, open, press, type Page, type World } from './base.ts';
import { send, setUp } from './notebook.ts';

export async function worksAndFreezes(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await send(page, world, '/services/add', [['name', 'zookeeper']]);
  await open(page, '/teams');
  await page.getByRole('link', { name: 'Add team' }).click();
  await page.getByLabel('Name').fill('Data platform');
  await page.getByLabel('Zone').fill('Europe/Berlin');
  await page.getByLabel('Friday').fill('9 to 5');
  await page.getByLabel('Holidays').fill('2030-12-25 Christmas Day');
  await press(page, 'Add team');
  const friday = page.getByLabel('Friday');
  await expect(friday).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#teams-friday-error')).toContainText('Takes hours such as 09:00–17:00');
  await expect(friday).toHaveValue('9 to 5');
  await friday.fill('09:00–12:00');
  await press(page, 'Add team');
  await expect(page).toHaveURL(/\/teams\/data-platform$/);
  await expect(page.locator('#week')).toContainText('09:00–12:00');
  await expect(page.locator('#holidays')).toContainText('Christmas Day');

  await open(page, '/services/zookeeper/edit');
  await page.getByLabel('Team').selectOption('data-platform');
  await press(page, 'Save service');
  await page.locator('aside').getByRole('link', { name: 'data-platform' }).click();
  await expect(page.locator('main').getByRole('link', { name: 'zookeeper' })).toBeVisible();

  await open(page, '/freezes');
  await page.getByLabel('What').selectOption('everything');
  await page.getByLabel('Why', { exact: false }).fill('The sale begins');
  await press(page, 'Set freeze');
  await expect(page.locator('#active')).toContainText('The sale begins');
  await open(page, '/runs');
  await expect(page.locator('.banners')).toContainText('Freeze on since');
  await page.locator('.banners').getByRole('link', { name: 'Freezes' }).click();
  await page.locator('#active').locator('summary').click();
  await page.getByLabel('Why it ends').fill('It is over');
  await press(page, 'End freeze');
  await expect(page.locator('#past')).toContainText('Ended: It is over');
  await expect(page.locator('.banners')).toHaveCount(0);
}

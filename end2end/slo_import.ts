// SLOs of another tool: looked at as a table, taken, and out again. Walked with and without script.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, open, press, type Page, type World } from './base.ts';
import { setUp } from './notebook.ts';

const SHOP = resolve(import.meta.dirname, '../notebook/tests/documents/openslo/shop.yaml');

export async function importSlos(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await open(page, '/import');
  await page.getByLabel('File').setInputFiles(SHOP);
  await press(page, 'Look first');
  await expect(page.locator('.errors')).toContainText('say where these SLOs hold');

  await page.getByLabel('Environment').selectOption('production');
  await press(page, 'Look first');
  const table = page.locator('#slo-lines');
  await expect(table.getByRole('row', { name: /^SLO Orders are accepted/ })).toContainText('Create');
  await expect(table.getByRole('row', { name: /^SLO perfect/ })).toContainText('no budget would remain to learn with');
  await expect(table.getByRole('row', { name: /^DataSource metrics/ })).toContainText('Skip');
  await expect(table).toContainText('spec.alertPolicies is not kept');

  await press(page, 'Import document');
  await expect(page).toHaveURL(/\/slos$/);
  await expect(page.getByText('OpenSLO: 6 created, 0 updated, 5 skipped, 1 refused.')).toBeVisible();
  await page.getByRole('link', { name: 'Orders are accepted' }).click();
  await page.getByText('Show the definition').click();
  await expect(page.locator('#definition pre')).toContainText('sum(orders_total)');
  await expect(page.getByText('An order you place is taken.').first()).toBeVisible();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download as OpenSLO' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('SLO-1.openslo.yaml');
  const text = await readFile(await file.path(), 'utf8');
  expect(text).toContain('displayName: Orders are accepted');

  await open(page, '/import');
  await page.getByLabel('Or paste its text').fill(text);
  await press(page, 'Look first');
  await expect(page.locator('#slo-lines')).toContainText('unchanged: SLO-1 says the same');
}

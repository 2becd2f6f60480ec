// A journal becomes a run without a line of script, and a refused one loses nothing.
import { resolve } from 'node:path';
import { expect, open, ownWorld } from '../base.ts';

const JOURNALS = resolve(import.meta.dirname, '../../notebook/tests/documents/chaostoolkit');

const test = ownWorld();

test('a file waits, gets its new experiment, and proposes', async ({ page, world }) => {
  await open(page, world.setupLink);
  await page.getByLabel('Name').fill('Ana');
  await page.getByLabel('E-mail').fill('ana@example.org');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByLabel('An empty notebook').check();
  await page.getByRole('button', { name: 'Create and open' }).click();
  await page.getByLabel('Service').fill('ZooKeeper');
  await page.getByLabel('What I see now').fill('all quiet');
  await page.getByLabel('What happens if').fill('What happens if one ZooKeeper restarts?');
  await page.getByRole('button', { name: 'Record observation' }).click();

  await page.getByRole('link', { name: 'Import' }).first().click();
  await page.getByLabel('Or paste its text').fill('{\n  "status": completed\n}');
  await page.getByRole('button', { name: 'Import document' }).click();
  await expect(page.locator('.errors')).toContainText('line 2, column 13');
  await expect(page.getByLabel('Or paste its text')).toHaveValue('{\n  "status": completed\n}');

  await page.getByLabel('Or paste its text').fill('');
  await page.getByLabel('File').setInputFiles(`${JOURNALS}/deviated.json`);
  await page.getByRole('button', { name: 'Import document' }).click();
  await expect(page.getByText('it waits for its experiment').first()).toBeVisible();
  await expect(page.locator('.answers')).toContainText('Proposed: refuted');

  await page.getByLabel('Experiment').selectOption('new');
  await page.getByText('For a new experiment or SLOs: services and environment').click();
  await page.getByLabel('ZooKeeper').check();
  await page.getByLabel('Environment').selectOption('production');
  await page.getByLabel('Targets that were hit').fill('zk-1');
  await page.getByRole('button', { name: 'Attach to experiment' }).click();
  await expect(page.getByRole('link', { name: 'Open RUN-1' })).toBeVisible();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download document' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('import-1.json');
});

// A past finding is found by words, narrowed by a chip and opened; a slip is pointed at. Walked with and without script.
import { expect, expectAccessible, inEveryLook, open, type Page, type World } from './base.ts';
import { foundAndFixed, restartOneZooKeeper, setUp } from './notebook.ts';

export async function findWhatWasLearnt(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await foundAndFixed(page, world);
  await open(page, '/');
  await page.getByRole('link', { name: 'Search', exact: true }).first().click();
  await expect(page.getByRole('heading', { name: 'How to ask' })).toBeVisible();

  const box = page.getByRole('searchbox');
  const ask = async (text: string) => {
    await box.fill(text);
    await page.getByRole('search').getByRole('button', { name: 'Search' }).click();
  };
  await ask('zookeeper sevice:kafka');
  await expect(page.locator('main mark')).toHaveText('sevice:');
  await expect(box).toHaveValue('zookeeper sevice:kafka');
  await expect(page.getByText('did you mean service?')).toBeVisible();

  await ask('zookeeper');
  await page.getByRole('navigation', { name: 'What: narrow what was found' }).getByRole('link', { name: /^finding/ }).click();
  await expect(page).toHaveURL(/q=zookeeper%20type%3Afinding$/);
  await expect(box).toHaveValue('zookeeper type:finding');
  await expect(page.getByText('1 thing matches.')).toBeVisible();
  const conditions = page.getByRole('navigation', { name: 'Conditions: leave one out' });
  await conditions.getByRole('link', { name: 'Without type:finding' }).click();
  await expect(box).toHaveValue('zookeeper');
  await expect(conditions, 'its only condition stays').toHaveCount(0);
  await expect(page.getByRole('link', { name: 'as JSON' })).toHaveAttribute('href', '/api/v1/search?q=zookeeper');
  await page.goBack();
  await expect(box).toHaveValue('zookeeper type:finding');
  await inEveryLook(page, async () => {
    await expectAccessible(page);
  });
  await page.locator('main li').filter({ hasText: 'FND-1' }).getByRole('link').click();
  await expect(page).toHaveURL(/\/findings\/FND-1$/);

  await open(page, '/findings?view=all');
  await box.fill('zookeeper sevice:kafka');
  await page.getByRole('button', { name: 'Narrow the list' }).click();
  await expect(box).toHaveValue('zookeeper sevice:kafka');
  await expect(page.getByText('did you mean service?')).toBeVisible();
  await box.fill('zookeeper');
  await page.getByRole('button', { name: 'Narrow the list' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'FND-1' })).toBeVisible();
  await page.getByRole('link', { name: 'On the search page' }).click();
  await expect(box).toHaveValue('zookeeper type:finding');

  await aListAsItIsSaved(page);

  await open(page, '/search?q=neverheardof+type%3Afinding');
  await page.getByRole('link', { name: 'Without neverheardof' }).click();
  await expect(page.getByText('1 thing matches.')).toBeVisible();
}

/** Columns, groups and order are chosen, kept as a view, and there again when it is opened. */
async function aListAsItIsSaved(page: Page): Promise<void> {
  const head = (name: string) => page.getByRole('columnheader', { name, exact: true });
  await open(page, '/findings?view=all&q=zookeeper');
  await expect(head('Kind')).toBeVisible();
  await page.locator('main summary').filter({ hasText: 'Columns' }).click();
  await page.getByLabel('Kind', { exact: true }).uncheck();
  await page.getByLabel('Group the rows of a page by').selectOption('service');
  await page.getByRole('button', { name: 'Show it so' }).click();
  await expect(head('Kind')).toHaveCount(0);
  await head('Found').getByRole('link').click();
  await expect(head('Found')).toHaveAttribute('aria-sort', 'ascending');
  await expectAccessible(page);

  const saving = page.locator('main details').filter({ hasText: 'Save this view' });
  await saving.locator('summary').click();
  await saving.getByLabel('Name').fill('By service');
  await saving.getByRole('button', { name: 'Save view' }).click();
  await expect(page.getByText('"By service" is saved.')).toBeVisible();
  await open(page, '/search');
  await page.getByRole('navigation', { name: 'Saved views' }).getByRole('link', { name: 'By service' }).click();
  await expect(head('Found')).toHaveAttribute('aria-sort', 'ascending');
  await expect(head('Kind')).toHaveCount(0);
  await expect(page.getByRole('rowheader').first()).toBeVisible();
}

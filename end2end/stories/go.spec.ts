// Somebody who leaves the mouse alone: keys go to pages, and one field leads to the rest.
import { awake, expect, open, ownWorld } from '../base.ts';
import { goAnywhere } from '../go.ts';

const test = ownWorld();

test('keys lead anywhere, never out of a field, and can be switched off', async ({ page, world }) => {
  test.setTimeout(120_000);
  await goAnywhere(page, world);

  await open(page, '/');
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await expect(page).toHaveURL(/\/runs$/);
  await awake(page);
  await page.keyboard.press('?');
  await expect(page).toHaveURL(/\/help\/keyboard$/);
  await awake(page);
  await page.keyboard.press('Control+k');
  await expect(page).toHaveURL(/\/go$/);
  await awake(page);
  const field = page.getByLabel('An id, a page, an act or a name');
  await expect(field).toBeFocused();
  await page.keyboard.type('g r?');
  await expect(field).toHaveValue('g r?');
  await expect(page).toHaveURL(/\/go$/);

  await open(page, '/profile');
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Turn single keys off' }).click()]);
  await awake(page);
  await open(page, '/findings');
  await page.keyboard.press('c');
  await page.keyboard.press('Control+k');
  await expect(page).toHaveURL(/\/go$/);
});

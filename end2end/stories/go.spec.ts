// Somebody who leaves the mouse alone: keys go to pages, and one field leads to the rest.
import { ALONE, awake, expect, expectAccessible, inEveryLook, open, ownWorld, press } from '../base.ts';
import { goAnywhere } from '../go.ts';

const test = ownWorld();

test.describe.configure(ALONE);

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
  const palette = page.getByRole('dialog', { name: 'Go to' });
  const field = palette.getByLabel('Where to?');
  await expect(field).toBeFocused();
  await expect(palette).toContainText('Newest experiments');
  await page.keyboard.type('g r?');
  await expect(field).toHaveValue('g r?');
  await expect(palette).toContainText('Nothing found for');
  await expect(page).toHaveURL(/\/help\/keyboard$/);
  await field.fill('e');
  const options = palette.getByRole('option');
  const chosen = palette.getByRole('option', { selected: true });
  await expect(palette.locator('#palette-found')).toHaveAttribute('data-asked', 'e');
  await page.keyboard.press('ArrowDown');
  await expect(chosen).toHaveText(await options.first().innerText());
  await page.keyboard.press('End');
  await expect(chosen).toHaveText('Search for \u201ce\u201d');
  await expect(field).toHaveAttribute('aria-activedescendant', (await options.last().getAttribute('id')) ?? '');
  await page.keyboard.press('Home');
  await expect(chosen).toHaveText(await options.first().innerText());
  await inEveryLook(page, async () => {
    await expectAccessible(page);
  });
  await field.fill('cover');
  await expect(palette.locator('#palette-found')).toHaveAttribute('data-asked', 'cover');
  await expect(palette.getByRole('option', { name: 'Coverage map' })).toBeVisible();
  await expect(palette.getByRole('status')).toHaveText(/^\d+ found$/);
  await expect(field).toHaveAttribute('aria-expanded', 'true');
  await expect(chosen, 'what was chosen goes with what was found before').toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await expect(chosen).toHaveText(await options.first().innerText());
  await page.keyboard.press('ArrowUp');
  await expect(chosen).toHaveCount(0);
  await expect(field, 'the focus never left the field').toBeFocused();
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await page.keyboard.press('/');
  await expect(page).toHaveURL(/\/search$/);
  await awake(page);
  const box = page.getByRole('main').getByRole('searchbox');
  await expect(box).toBeFocused();
  await page.keyboard.press('Control+k');
  await field.fill('exp-1');
  await expect(palette.getByRole('option', { name: 'EXP-1', exact: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/experiments\/EXP-1$/);

  await open(page, '/experiments');
  await page.keyboard.press('/');
  await expect(box).toBeFocused();
  await page.keyboard.type('zoo*');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/experiments\?q=zoo/);
  await awake(page);
  await page.keyboard.press('j');
  await expect(page.locator('main tbody a').first()).toBeFocused();
  await page.keyboard.press('o');
  await expect(page).toHaveURL(/\/experiments\/EXP-1$/);
  await awake(page);
  await page.keyboard.press('e');
  await expect(page).toHaveURL(/\/experiments\/EXP-1\/edit$/);

  const recent = palette.getByRole('group', { name: 'Recent', exact: true }).getByRole('option');
  await open(page, '/services/zookeeper');
  await open(page, '/findings');
  await page.keyboard.press('Control+k');
  await expect(recent, 'what was opened last, the last first').toHaveText(['zookeeper', 'EXP-1 Restart one ZooKeeper']);
  await page.keyboard.press('ArrowDown');
  await expect(chosen).toHaveText('zookeeper');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/services\/zookeeper$/);

  await open(page, '/profile');
  await press(page, 'Turn single keys off');
  await open(page, '/findings');
  await page.keyboard.press('c');
  await expect(page).toHaveURL(/\/findings$/);
  await page.keyboard.press('Control+k');
  await expect(field).toBeFocused();

  await open(page, '/profile');
  await press(page, 'Require Ctrl Alt');
  await open(page, '/experiments/EXP-1');
  await page.keyboard.press('c');
  await expect(page).toHaveURL(/\/experiments\/EXP-1$/);
  await page.keyboard.press('Control+Alt+c');
  await expect(page, 'of an experiment a run comes next').toHaveURL(/\/runs\/new/);

  await open(page, '/experiments/EXP-1');
  const opened = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('retrial.opened.')));
  expect(await opened()).toHaveLength(1);
  await page.getByText('Ana', { exact: true }).first().click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await awake(page);
  expect(await opened(), 'not for whoever sits here next').toEqual([]);
});

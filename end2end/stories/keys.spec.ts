// Single keys on a live run: each leads to where something is written, none acts in a field, and all can be off. And the question before an abort, which one of them opens.
import { ALONE, expect, expectAccessible, inEveryLook, open, ownWorld, press, type Page } from '../base.ts';
import { RUN, signIn, typed, watchRun } from '../live.ts';
import { send } from '../notebook.ts';
import { note, underWay } from '../notes.ts';

const test = ownWorld();

test.describe.configure(ALONE);

const bar = (page: Page) => page.getByRole('region', { name: 'Now', exact: true });
const question = (page: Page) => page.getByRole('alertdialog', { name: 'Abort RUN-1?' });

/** One key where nothing is typed. */
async function strike(page: Page, key: string): Promise<void> {
  await typed(page).blur();
  await page.keyboard.press(key);
}

test('a key leads to where something is written, and in a field it is a letter', async ({ page, world }) => {
  test.setTimeout(120_000);
  await underWay(page, world);
  await watchRun(page);
  await expect(page, 'the tab says that a run goes on').toHaveTitle(/^\u25cf RUN-1 /);
  await page.keyboard.press('n');
  await expect(typed(page)).toBeFocused();
  await page.keyboard.type('numbers up? sums missing, A to Z');
  await expect(typed(page)).toHaveValue('numbers up? sums missing, A to Z');
  await expect(question(page)).toHaveCount(0);
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('#log')).toContainText('numbers up? sums missing, A to Z');
  await expect(typed(page)).toHaveValue('');

  await strike(page, 'u');
  await expect(typed(page)).toBeFocused();
  await expect(page.locator('#observe input[value=unexpected]')).toBeChecked();
  await strike(page, 'm');
  await expect(typed(page)).toHaveValue('/metric ');
  await strike(page, 's');
  await expect(typed(page), 'on a line of its own').toHaveValue('/metric \n/check ');
  await note(page).fill('');
  await strike(page, 'p');
  await expect(page.getByRole('button', { name: 'Pin o2', exact: true }), 'it waits for Enter').toBeFocused();
  await page.keyboard.press('?');
  await expect(page.locator('#live-keys')).toHaveAttribute('open', '');
  await expectAccessible(page);
  await page.keyboard.press('?');
  await expect(page.locator('#live-keys')).not.toHaveAttribute('open', '');
});

test('a key asks whether to abort, the question outlives what others write, and Escape takes it back', async ({ page, world }) => {
  test.setTimeout(120_000);
  await signIn(page, 'ana');
  await watchRun(page);
  await page.keyboard.press('Shift+A');
  await expect(question(page)).toHaveAccessibleDescription(/^Nothing is aborted yet/);
  await expect(page.locator('#abort input[type=radio]').first()).toBeFocused();
  await page.locator('#abort input[value=people]').check();
  await send(page, world, `${RUN}/observe`, [['text', 'meanwhile'], ['kind', 'expected']]);
  await expect(page.locator('#log')).toContainText('meanwhile');
  await expect(question(page)).toBeVisible();
  await expect(page.locator('#abort input[value=people]')).toBeChecked();
  await inEveryLook(page, async () => {
    await expectAccessible(page);
  });
  await page.keyboard.press('Escape');
  await expect(question(page)).toHaveCount(0);
  await expect(page.locator('#abort')).not.toHaveAttribute('open', '');
  await expect(bar(page)).toContainText('Fault under way');

  await page.locator('#abort > summary').click();
  await page.getByRole('button', { name: 'Go back', exact: true }).click();
  await expect(question(page)).toHaveCount(0);
  await expect(page.locator('#abort > summary'), 'one is where one was').toBeFocused();
});

test('keys are turned off on the profile or on the page, and stay off', async ({ page }) => {
  test.setTimeout(60_000);
  await signIn(page, 'ana');
  await open(page, '/profile');
  await press(page, 'Turn single keys off');
  await watchRun(page);
  await page.keyboard.press('n');
  await page.keyboard.press('Shift+A');
  await page.keyboard.press('?');
  await expect(typed(page)).not.toBeFocused();
  await expect(question(page)).toHaveCount(0);
  await page.locator('#live-keys > summary').click();
  await press(page, 'Turn single keys on');
  await expect(page).toHaveURL(/\/runs\/RUN-1$/);
  await page.keyboard.press('n');
  await expect(typed(page)).toBeFocused();
});

test('the title is plain again when the page does not follow the run any more', async ({ page, world }) => {
  await signIn(page, 'ana');
  await watchRun(page);
  await expect(page).toHaveTitle(/^\u25cf /);
  await page.getByRole('button', { name: 'Pause updates' }).click();
  await expect(page).toHaveTitle(/^RUN-1 /);
  await page.getByRole('button', { name: 'Resume updates' }).click();
  await expect(page).toHaveTitle(/^\u25cf /);
  await send(page, world, `${RUN}/abort`, [['reason', 'people']]);
  await expect(bar(page)).toContainText('Reverting after the abort');
  await expect(page, 'reverting is under way as well').toHaveTitle(/^\u25cf /);
});

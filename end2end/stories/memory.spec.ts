// No mouse: a past finding is found from the palette, what is found is narrowed and kept as a view, and a new plan names what was seen before.
import { awake, expect, expectAccessible, ownWorld, type Page } from '../base.ts';
import { enter, tabTo } from '../keyboard.ts';
import { BEGINNINGS, expectNamed, expectNarrowed, expectSaved, FINDING, findings, learnt, MENTION, saving, seenFinding, VIEW, VIEW_WORD } from '../memory.ts';

const test = ownWorld();

/** Opens the palette, types, and goes to the first place that is found. */
async function goTo(page: Page, asked: string, found: string): Promise<void> {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Go to' });
  await expect(palette.getByLabel('Where to?')).toBeFocused();
  await page.keyboard.type(asked);
  await expect(palette.getByRole('option', { name: found, exact: true })).toBeVisible();
  await expect(palette.getByRole('option').first()).toHaveText(found);
  await expect(page.locator('#palette-found'), 'all that was typed is answered').toHaveAttribute('data-asked', asked);
  await expectAccessible(page);
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  await awake(page);
}

async function press(page: Page, key: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.keyboard.press(key)]);
  await awake(page);
}

test('a past finding is found, kept as a view, and named in the next plan by keys alone', async ({ page, world }) => {
  test.setTimeout(480_000);
  await learnt(page, world);
  await goTo(page, BEGINNINGS, FINDING);
  await expect(page).toHaveURL(/\/findings\/FND-1$/);

  await press(page, '/');
  await expect(page.getByRole('main').getByRole('searchbox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('main').getByRole('searchbox'), 'a field can be left').not.toBeFocused();
  await page.keyboard.press('/');
  await expect(page.getByRole('main').getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('zookeeper');
  await press(page, 'Enter');
  await enter(page, findings(page));
  await expectNarrowed(page);

  await tabTo(page, saving(page).locator('summary'));
  await page.keyboard.press('Enter');
  await tabTo(page, saving(page).getByLabel('Name'));
  await page.keyboard.type(VIEW);
  await press(page, 'Enter');
  await expectSaved(page);
  await expectNarrowed(page);
  await expectAccessible(page);
  await goTo(page, VIEW_WORD, VIEW);
  await expectNarrowed(page);

  await press(page, 'c');
  await expect(page).toHaveURL(/\/experiments\/new$/);
  await tabTo(page, page.getByLabel('Title'));
  await page.keyboard.type('Restart one Kafka broker');
  await tabTo(page, page.getByLabel('zookeeper'));
  await page.keyboard.press('Space');
  await expect(seenFinding(page)).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: 'Mention FND-1', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Notes')).toHaveValue(MENTION);
  await expectAccessible(page);
  await tabTo(page, page.getByLabel('Notes'), 'Shift+Tab');
  await press(page, 'Control+Enter');
  await expectNamed(page);
});

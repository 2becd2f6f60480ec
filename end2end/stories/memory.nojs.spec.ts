// The same through plain forms, without a line of script.
import { expect, open, ownWorld, press } from '../base.ts';
import { find } from '../go.ts';
import { BEGINNINGS, expectNamed, expectNarrowed, expectSaved, FINDING, findings, learnt, MENTION, saving, seenFinding, VIEW, VIEW_WORD } from '../memory.ts';
import { lookAgain } from '../seen.ts';

const test = ownWorld();

test('a past finding is found, kept as a view, and named in the next plan', async ({ page, world }) => {
  test.setTimeout(360_000);
  await learnt(page, world);
  await page.getByRole('link', { name: 'Go to', exact: true }).click();
  await find(page, BEGINNINGS);
  await page.getByRole('link', { name: FINDING, exact: true }).click();
  await expect(page).toHaveURL(/\/findings\/FND-1$/);

  await open(page, '/search');
  await page.getByRole('searchbox').fill('zookeeper');
  await press(page, 'Search');
  await findings(page).click();
  await expectNarrowed(page);
  await saving(page).locator('summary').click();
  await saving(page).getByLabel('Name').fill(VIEW);
  await press(page, 'Save view');
  await expectSaved(page);
  await open(page, '/go');
  await find(page, VIEW_WORD);
  await page.getByRole('link', { name: VIEW, exact: true }).click();
  await expectNarrowed(page);

  await open(page, '/experiments/new');
  await page.getByLabel('Title').fill('Restart one Kafka broker');
  await page.getByLabel('zookeeper').check();
  await lookAgain(page);
  await expect(seenFinding(page)).toBeVisible();
  await press(page, 'Mention FND-1');
  await expect(page.getByLabel('Title'), 'what was typed is there').toHaveValue('Restart one Kafka broker');
  await expect(page.getByLabel('zookeeper')).toBeChecked();
  await expect(page.getByLabel('Notes')).toHaveValue(MENTION);
  await Promise.all([page.waitForEvent('load'), page.locator('button.primary', { hasText: 'Save draft' }).click()]);
  await expectNamed(page);
});

// Without a line of script the list is brought up to date by a button of the form.
import { expect, ownWorld, press } from '../base.ts';
import { lookAgain, seeBefore, seenOnTheSameService } from '../seen.ts';

const test = ownWorld();

test('what was seen before is shown when one looks again', async ({ page, world }) => {
  test.setTimeout(240_000);
  await seeBefore(page, world);
  await lookAgain(page);
  await seenOnTheSameService(page);
  await press(page, 'Put EXP-1 aside');
  await expect(page.locator('#seen').getByRole('link', { name: 'EXP-1', exact: true })).toHaveCount(0);
  await expect(page.getByLabel('Title'), 'what was typed is there').toHaveValue('Restart one Kafka broker');
});

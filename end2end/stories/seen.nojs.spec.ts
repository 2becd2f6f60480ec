// Without a line of script the list is brought up to date by a button of the form.
import { ownWorld } from '../base.ts';
import { lookAgain, seeBefore, seenOnTheSameService } from '../seen.ts';

const test = ownWorld();

test('what was seen before is shown when one looks again', async ({ page, world }) => {
  test.setTimeout(240_000);
  await seeBefore(page, world);
  await lookAgain(page);
  await seenOnTheSameService(page);
});

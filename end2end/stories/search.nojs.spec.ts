// The same without a line of script.
import { ownWorld } from '../base.ts';
import { findWhatWasLearnt } from '../search.ts';

const test = ownWorld();

test('what was learnt is found by words and narrowed by chips', async ({ page, world }) => {
  test.setTimeout(360_000);
  await findWhatWasLearnt(page, world);
});

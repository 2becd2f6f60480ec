// The same without a line of script.
import { ownWorld } from '../base.ts';
import { whatLearningCost } from '../ledger.ts';

const test = ownWorld();

test('what learning cost, and what it found', async ({ page, world }) => {
  test.setTimeout(360_000);
  await whatLearningCost(page, world);
});

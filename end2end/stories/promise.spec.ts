// Whoever promises something to customers sees how much of it is left to learn with.
import { ownWorld } from '../base.ts';
import { promiseAndMeasure } from '../promise.ts';

const test = ownWorld();

test('an SLO is promised, measured and shows its budget', async ({ page, world }) => {
  test.setTimeout(360_000);
  await promiseAndMeasure(page, world);
});

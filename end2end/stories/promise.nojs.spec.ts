// The same without a line of script.
import { ownWorld } from '../base.ts';
import { promiseAndMeasure } from '../promise.ts';

const test = ownWorld();

test('an SLO is promised, measured and shows its budget', async ({ page, world }) => {
  test.setTimeout(360_000);
  await promiseAndMeasure(page, world);
});

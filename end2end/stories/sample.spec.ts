// A newcomer meets the sample, writes on it, follows its tour, begins something of their own, and removes it.
import { ALONE, ownWorld } from '../base.ts';
import { firstMinuteWithSample } from '../sample.ts';

const test = ownWorld();

test.describe.configure(ALONE);

test('the sample is met, toured, written on and removed', async ({ page, world }) => {
  test.setTimeout(120_000);
  await firstMinuteWithSample(page, world);
});

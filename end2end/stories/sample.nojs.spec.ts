// The same first minute with the sample, without a line of script.
import { ALONE, ownWorld } from '../base.ts';
import { firstMinuteWithSample } from '../sample.ts';

const test = ownWorld();

test.describe.configure(ALONE);

test('the sample is met, toured, written on and removed', async ({ page, world }) => {
  test.setTimeout(120_000);
  await firstMinuteWithSample(page, world);
});

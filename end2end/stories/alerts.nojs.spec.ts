// The same without a line of script.
import { ownWorld } from '../base.ts';
import { oneComesAndOneDoesNot } from '../alerts.ts';

const test = ownWorld();

test('an expected alert agrees and a missing one begins a finding without script', async ({ page, world }) => {
  test.setTimeout(360_000);
  await oneComesAndOneDoesNot(page, world);
});

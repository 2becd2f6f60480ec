// The same without a line of script.
import { ownWorld } from '../base.ts';
import { setBesideAndRemove } from '../honeycomb.ts';

const test = ownWorld();

test('an SLO of Honeycomb is set beside one of ours without script', async ({ page, world }) => {
  test.setTimeout(360_000);
  await setBesideAndRemove(page, world);
});

// What Honeycomb says stands beside an SLO: set once, seen with how asking goes, taken away with a reason.
import { ownWorld } from '../base.ts';
import { setBesideAndRemove } from '../honeycomb.ts';

const test = ownWorld();

test('an SLO of Honeycomb is set beside one of ours, asked in vain and removed', async ({ page, world }) => {
  test.setTimeout(360_000);
  await setBesideAndRemove(page, world);
});

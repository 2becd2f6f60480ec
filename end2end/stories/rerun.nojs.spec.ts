// The same without a line of script.
import { ownWorld } from '../base.ts';
import { plannedAndMoved } from '../rerun.ts';

const test = ownWorld();

test('a run is planned, found in the calendar and moved', async ({ page, world }) => {
  test.setTimeout(360_000);
  await plannedAndMoved(page, world);
});

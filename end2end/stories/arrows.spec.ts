// Whoever moves a run in the calendar chooses its time by arrow keys.
import { ALONE, ownWorld } from '../base.ts';
import { movedByArrows } from '../rerun.ts';

const test = ownWorld();

test.describe.configure(ALONE);

test('a run is moved by arrow keys', async ({ page, world }) => {
  test.setTimeout(180_000);
  await movedByArrows(page, world);
});

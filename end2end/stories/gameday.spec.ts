// A few runs, a few hours, and everybody who has to be there.
import { ownWorld } from '../base.ts';
import { heldTogether } from '../gameday.ts';

const test = ownWorld();

test('a game day holds runs together and is called off', async ({ page, world }) => {
  test.setTimeout(360_000);
  await heldTogether(page, world);
});

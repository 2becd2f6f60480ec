// The same without a line of script.
import { ownWorld } from '../base.ts';
import { heldTogether } from '../gameday.ts';

const test = ownWorld();

test('a game day holds runs together and is called off', async ({ page, world }) => {
  test.setTimeout(360_000);
  await heldTogether(page, world);
});

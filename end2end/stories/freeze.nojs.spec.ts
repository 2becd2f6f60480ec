// The same without a line of script.
import { ownWorld } from '../base.ts';
import { worksAndFreezes } from '../freeze.ts';

const test = ownWorld();

test('a team works, and a freeze comes and goes', async ({ page, world }) => {
  test.setTimeout(360_000);
  await worksAndFreezes(page, world);
});

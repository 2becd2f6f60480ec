// Whoever looks after a service says when they are there, and when nothing is to be broken.
import { ownWorld } from '../base.ts';
import { worksAndFreezes } from '../freeze.ts';

const test = ownWorld();

test('a team works, and a freeze comes and goes', async ({ page, world }) => {
  test.setTimeout(360_000);
  await worksAndFreezes(page, world);
});

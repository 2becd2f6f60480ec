// Without a line of script the field is a form like any other.
import { ownWorld } from '../base.ts';
import { goAnywhere } from '../go.ts';

const test = ownWorld();

test('an id, a page and a name are found', async ({ page, world }) => {
  test.setTimeout(240_000);
  await goAnywhere(page, world);
});

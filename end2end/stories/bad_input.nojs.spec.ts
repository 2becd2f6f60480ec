// Nothing typed is lost, without a line of script too.
import { badInput } from '../bad_input.ts';
import { ownWorld } from '../base.ts';

const test = ownWorld();

test('bad input is answered by name, and what was typed is kept', async ({ page, world }) => {
  test.setTimeout(240_000);
  await badInput(page, world, false);
});

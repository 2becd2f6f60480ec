// The whole loop without a line of script.
import { ownWorld } from '../base.ts';
import { walkTogether } from '../loop.ts';

const test = ownWorld();

test('a fix is verified by a rerun of the same experiment, and by nothing else', async ({ page, browser, world }) => {
  test.setTimeout(480_000);
  await walkTogether(page, browser, world);
});

// Notes of a run without a line of script.
import { ownWorld } from '../base.ts';
import { notes, underWay } from '../notes.ts';

const test = ownWorld();

test('commands, pins and evidence are plain forms', async ({ page, world }) => {
  test.setTimeout(240_000);
  await underWay(page, world);
  await notes(page);
});

// The same without a line of script.
import { ownWorld } from '../base.ts';
import { importAndConfirm } from '../catalogue.ts';

const test = ownWorld();

test('a catalogue is imported, an owner confirmed, and Chef mapped', async ({ page, world }) => {
  test.setTimeout(240_000);
  await importAndConfirm(page, world);
});

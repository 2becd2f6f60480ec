// Whoever keeps the catalogue sees whose service it is, and what rests on what.
import { ownWorld } from '../base.ts';
import { importAndConfirm } from '../catalogue.ts';

const test = ownWorld();

test('a catalogue is imported, an owner confirmed, and Chef mapped', async ({ page, world }) => {
  test.setTimeout(240_000);
  await importAndConfirm(page, world);
});

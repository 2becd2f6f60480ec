// Whoever has SLOs in another tool sees what becomes of each before anything is kept.
import { ownWorld } from '../base.ts';
import { importSlos } from '../slo_import.ts';

const test = ownWorld();

test('SLOs of another tool come in and go out again', async ({ page, world }) => {
  test.setTimeout(360_000);
  await importSlos(page, world);
});

// What stands between a planned run and its start, in production and elsewhere.
import { ownWorld } from '../base.ts';
import { throughTheGate } from '../gate.ts';

const test = ownWorld();

test('a run starts through the gate, or is told why not', async ({ page, world }) => {
  test.setTimeout(360_000);
  await throughTheGate(page, world);
});

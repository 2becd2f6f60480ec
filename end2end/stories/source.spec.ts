// Whoever has a Prometheus says once where an SLO is measured, and sees how asking there goes.
import { ownWorld } from '../base.ts';
import { connectAndRemove } from '../source.ts';

const test = ownWorld();

test('a source of measurements is said, asked in vain and removed', async ({ page, world }) => {
  test.setTimeout(360_000);
  await connectAndRemove(page, world);
});

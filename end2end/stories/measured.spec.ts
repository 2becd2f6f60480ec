// Whoever has a Prometheus lets a plan's runs be measured by it, and sees on a run's page what nobody knows.
import { ownWorld } from '../base.ts';
import { measureARun } from '../measured.ts';

const test = ownWorld();

test('a run is measured by queries of its plan, and what nobody knows is unknown', async ({ page, world }) => {
  test.setTimeout(360_000);
  await measureARun(page, world);
});

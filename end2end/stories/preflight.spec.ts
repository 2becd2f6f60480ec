// The pre-flight and the live page: go or no-go, looking both ways, the method, abort in reach.
import { ownWorld } from '../base.ts';
import { liveThroughARun } from '../preflight.ts';

const test = ownWorld();

test('a run is polled, started, followed and aborted', async ({ page, world }) => {
  test.setTimeout(300_000);
  await liveThroughARun(page, world);
});

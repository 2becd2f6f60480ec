// A run hears of its alerts: one agrees, one is a blind spot, and the blind spot becomes a finding.
import { ownWorld } from '../base.ts';
import { oneComesAndOneDoesNot } from '../alerts.ts';

const test = ownWorld();

test('an expected alert agrees and a missing one begins a finding', async ({ page, world }) => {
  test.setTimeout(360_000);
  await oneComesAndOneDoesNot(page, world);
});

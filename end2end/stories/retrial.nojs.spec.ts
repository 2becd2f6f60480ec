// A proof grows old after 31 days, is due, and is made again, with plain forms.
import { worldAt } from '../base.ts';
import { MONDAY, provenAgain } from '../retrial.ts';

const test = worldAt(MONDAY);

test('what was proven is stale a month later, due, and proven again', async ({ page, world }) => {
  test.setTimeout(360_000);
  await provenAgain(page, world);
});

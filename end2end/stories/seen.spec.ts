// With script the list follows what is typed, an id goes into the notes, and what does not fit is put aside.
import { expect, open, ownWorld, press } from '../base.ts';
import { lookAgain, seeBefore, seenOnTheSameService } from '../seen.ts';

const test = ownWorld();

test('what was seen before follows what is typed, is mentioned by a press, and can be put aside', async ({ page, world }) => {
  test.setTimeout(240_000);
  await seeBefore(page, world);
  await seenOnTheSameService(page);
  const seen = page.locator('#seen');
  await seen.getByRole('button', { name: 'Mention FND-1' }).click();
  await expect(page.getByLabel('Notes')).toHaveValue('Seen before: FND-1');
  await press(page, 'Put EXP-1 aside');
  await expect(seen.getByRole('link', { name: 'EXP-1', exact: true })).toHaveCount(0);
  await page.getByLabel('Title').fill('Restart one broker of Kafka');
  await expect(seen.getByRole('status')).toHaveText('1 seen before');
  await expect(seen.getByRole('link', { name: 'EXP-1', exact: true }), 'it stays aside').toHaveCount(0);
  await open(page, '/experiments/new');
  await page.getByLabel('zookeeper').check();
  await expect(seen.getByRole('link', { name: 'FND-1', exact: true })).toBeVisible();
  await expect(seen.getByRole('link', { name: 'EXP-1', exact: true }), 'beside another plan, too').toHaveCount(0);
  await press(page, 'Show 1 put aside');
  await expect(seen.getByRole('link', { name: 'EXP-1', exact: true })).toBeVisible();
  await page.getByLabel('Title').fill('Restart one broker of Kafka');
  await lookAgain(page);
  await expect(page.getByLabel('Title')).toHaveValue('Restart one broker of Kafka');
  await seen.getByRole('button', { name: 'Mention FND-1' }).click();
  await expect(seen.getByRole('status'), 'a list of the server: no new page is asked for').toHaveText('FND-1 is in the form now');
  await expect(page.getByLabel('Notes')).toHaveValue('Seen before: FND-1');
  const late = '<div id="seen-found"><p data-late="">Looking takes too long now. The form can be sent without it.</p></div>';
  await page.route('**/seen?*', (route) => route.fulfill({ contentType: 'text/html', body: late }));
  await page.getByLabel('Title').fill('Restart one broker of Kafka again');
  await expect(seen.getByRole('status'), 'no number where nothing came in time').toHaveText('Looking takes too long now. The form can be sent without it.');
  await page.unroute('**/seen?*');
  await page.getByLabel('Title').fill('Restart one broker of Kafka');
  await expect(seen.getByRole('status')).toHaveText('2 seen before');
});

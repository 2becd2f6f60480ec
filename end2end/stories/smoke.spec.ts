// The first minute: the server answers, and its setup link opens a page anybody can use.
import { expect, expectAccessible, inEveryLook, open, test } from '../base.ts';

test('a fresh server says it is healthy', async ({ request }) => {
  expect((await request.get('/healthz')).status()).toBe(200);
});

test('the setup link opens a page without faults in every look', async ({ page, world }) => {
  const response = await open(page, world.setupLink);
  expect(response?.status()).toBe(200);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await inEveryLook(page, async () => {
    await expectAccessible(page);
  });
});

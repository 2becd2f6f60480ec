// The same first minute without script.
import { expect, open, test } from '../base.ts';

test('the setup link opens a form that needs no script', async ({ page, world }) => {
  const response = await open(page, world.setupLink);
  expect(response?.status()).toBe(200);
  await expect(page.locator('form[method="post"]')).toBeVisible();
});

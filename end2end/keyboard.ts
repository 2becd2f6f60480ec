// Hands on a keyboard, and no mouse.
import type { Locator } from '@playwright/test';
import { awake, type Page } from './base.ts';

/** More than any page has places to stop at. */
export const STOPS_MAX = 800;

/** Presses Tab, or Shift and Tab, until the keyboard is there. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let stops = 0; stops < STOPS_MAX; stops += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not reach ${target.toString()}`);
}

/** Sends a form by its button, and waits for the page in the answer. */
export async function enter(page: Page, button: Locator): Promise<void> {
  await tabTo(page, button);
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  await awake(page);
}

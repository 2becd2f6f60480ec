// What was learnt, kept as a view and named in the next plan. Walked by keyboard alone, and without script.
import { expect, open, type Page, type World } from './base.ts';
import { foundAndFixed, restartOneZooKeeper, setUp } from './notebook.ts';

export const FINDING = 'FND-1 nodes talk only to the first instance';
/** How two words of it begin. */
export const BEGINNINGS = 'first inst';
export const VIEW = 'What ZooKeeper showed';
/** Nothing else says it. */
export const VIEW_WORD = 'showed';
export const MENTION = 'Seen before: FND-1';

export async function learnt(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await foundAndFixed(page, world);
  await open(page, '/');
}

/** The chip that leaves findings. */
export const findings = (page: Page) =>
  page.getByRole('navigation', { name: 'What: narrow what was found' }).getByRole('link', { name: /^finding/ });

export const saving = (page: Page) => page.locator('main details').filter({ hasText: 'Save this view' });

export async function expectNarrowed(page: Page): Promise<void> {
  await expect(page).toHaveURL(/q=zookeeper%20type%3Afinding$/);
  await expect(page.getByText('1 thing matches.')).toBeVisible();
}

export async function expectSaved(page: Page): Promise<void> {
  await expect(page.getByText(`"${VIEW}" is saved.`)).toBeVisible();
  const link = page.getByRole('navigation', { name: 'Saved views' }).getByRole('link', { name: VIEW });
  await expect(link).toHaveAttribute('aria-current', 'page');
}

export const seenFinding = (page: Page) =>
  page.locator('#seen').getByRole('link', { name: 'FND-1', exact: true });

/** The plan that was begun names the finding, by a link. */
export async function expectNamed(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/experiments\/EXP-2$/);
  await open(page, '/experiments/EXP-2/plan/1');
  const main = page.getByRole('main');
  await expect(main).toContainText(MENTION);
  await expect(main.getByRole('link', { name: 'FND-1', exact: true }).first()).toHaveAttribute('href', '/findings/FND-1');
}

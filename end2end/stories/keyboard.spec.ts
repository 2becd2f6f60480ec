// A live run without a mouse: every act of its page is reached by Tab alone, and done by the keys of its controls.
import { ALONE, expect, expectAccessible, inEveryLook, open, ownWorld, type Page } from '../base.ts';
import { enter, STOPS_MAX, tabTo } from '../keyboard.ts';
import { RUN, typed, watchRun } from '../live.ts';
import { begin, restartOneZooKeeper, setUp } from '../notebook.ts';
import { add } from '../notes.ts';

const test = ownWorld();

test.describe.configure(ALONE);

interface Walk {
  first: Element | null;
  readonly reached: Set<Element>;
}

interface Acts {
  readonly reached: string[];
  readonly missed: string[];
}

/** One more Tab. Whether the walk is at its end, stands at something folded, at a dialog's answer, or goes on. */
async function step(page: Page): Promise<'end' | 'folded' | 'answer' | 'on'> {
  await page.keyboard.press('Tab');
  return page.evaluate(() => {
    const { walk } = window as unknown as { walk: Walk };
    const active = document.activeElement;
    if (active === null || active === document.body || active === walk.first) {
      return 'end';
    }
    walk.first ??= active;
    if (active instanceof HTMLButtonElement && active.type === 'submit' && active.form !== null) {
      walk.reached.add(active.form);
      if (active.closest('dialog:modal') !== null) {
        return 'answer';
      }
    }
    const isFolded = active.matches('summary') && active.closest('details')?.open === false;
    return isFolded ? 'folded' : 'on';
  });
}

/** Walks through the whole page by Tab, unfolds what is folded, and says at which acts' buttons it stopped. */
async function walk(page: Page): Promise<Acts> {
  await open(page, RUN);
  await page.evaluate(() => {
    const walk: Walk = { first: null, reached: new Set() };
    Object.assign(window, { walk });
  });
  for (let stops = 0; stops < STOPS_MAX; stops += 1) {
    const at = await step(page);
    if (at === 'end') {
      break;
    }
    if (at === 'folded') {
      await page.keyboard.press('Enter');
    }
    if (at === 'answer') {
      await page.keyboard.press('Escape'); // back to where the dialog was asked for
    }
  }
  return page.evaluate(() => {
    const { reached } = (window as unknown as { walk: Walk }).walk;
    const isButton = (control: Element) => control instanceof HTMLButtonElement && control.type === 'submit';
    const forms = [...document.querySelectorAll<HTMLFormElement>('main form[method=post]')];
    const acts = forms.filter((form) => [...form.elements].some(isButton));
    const act = (form: HTMLFormElement) => (form.getAttribute('action') ?? '').split('/').at(-1) ?? '';
    return {
      reached: acts.filter((form) => reached.has(form)).map(act),
      missed: acts.filter((form) => !reached.has(form)).map(act),
    };
  });
}

async function expectReached(page: Page, acts: readonly string[]): Promise<void> {
  const { reached, missed } = await walk(page);
  expect(missed, 'acts that Tab does not reach').toEqual([]);
  expect(reached).toEqual(expect.arrayContaining([...acts]));
}

test('every act of a live run is in reach of the keyboard, and notes, pins and the abort are done by it', async ({ page, world }) => {
  test.setTimeout(300_000);
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await begin(page, world, 'RUN-1', 'zk-1');
  await expectReached(page, ['observe', 'abort', 'end-fault', 'answer-check', 'pin', 'deviate', 'attach-link', 'attach-image']);

  await watchRun(page);
  await tabTo(page, typed(page));
  await page.keyboard.type('seen without a mouse');
  await tabTo(page, add(page));
  await page.keyboard.press('Enter');
  await expect(page.locator('#log')).toContainText('seen without a mouse');
  await expect(typed(page), 'ready for the next one').toBeFocused();
  await enter(page, page.getByRole('button', { name: 'Pin o1', exact: true }));
  await expect(page.getByRole('button', { name: 'Unpin o1', exact: true })).toBeVisible();

  await watchRun(page);
  await tabTo(page, page.locator('#abort > summary'));
  await page.keyboard.press('Enter');
  await tabTo(page, page.locator('#abort input[type=radio]').first());
  await page.keyboard.press('Space');
  await expect(page.locator('#abort input[value=own_effect]')).toBeChecked();
  await enter(page, page.getByRole('button', { name: 'Abort run now' }));
  await expect(page.getByRole('region', { name: 'Now', exact: true })).toContainText('Reverting after the abort');

  await expectReached(page, ['observe', 'answer-check', 'fail-revert', 'pin']);
  await watchRun(page);
  await inEveryLook(page, async () => {
    await expectAccessible(page);
  });
});

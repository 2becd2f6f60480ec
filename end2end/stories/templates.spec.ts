// A team that begins from a plan which others have written, and hands on its own.
import { ownWorld } from '../base.ts';
import { beginAndPromote } from '../templates.ts';

const test = ownWorld();

test('an experiment begins from a template, and a plan becomes one', async ({ page, world }) => {
  test.setTimeout(240_000);
  await beginAndPromote(page, world);
});

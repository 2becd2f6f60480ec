// The throw-away demo as people start it: its link signs in once, other addresses are refused, and Ctrl-C leaves nothing behind.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { awake, expect, open, watch } from '../base.ts';
import { BIN, withoutSettings } from '../world.ts';

interface Started {
  /** Ends when the program does, with its exit code. */
  readonly ended: Promise<number | null>;
  /** What it wrote, once that fits. */
  until(pattern: RegExp): Promise<string>;
  output(): string;
  interrupt(): void;
}

/** Runs the program with its temporary files in a folder of their own. */
function start(temporary: string, words: string[]): Started {
  const child = spawn(BIN, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutSettings(process.env), TMPDIR: temporary },
  });
  let written = '';
  let look = () => {};
  const collect = (text: Buffer) => {
    written += text.toString();
    look();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const until = (pattern: RegExp) =>
    new Promise<string>((done, fail) => {
      look = () => {
        const found = pattern.exec(written)?.[0];
        if (found !== undefined) {
          done(found);
        }
      };
      look();
      void ended.then((code) => fail(new Error(`ended with ${code}\n${written}`)));
    });
  return { ended, until, output: () => written, interrupt: () => child.kill('SIGINT') };
}

test('the demo is opened by its link, and leaves nothing behind', async ({ page, browser }) => {
  const troubles = watch(page);
  const temporary = await mkdtemp(join(tmpdir(), 'retrial-end2end-'));
  const demo = start(temporary, ['demo']);
  try {
    const link = await demo.until(/http:\/\/127\.0\.0\.1:\d+\/enter\?token=[0-9a-f]+/);
    expect(demo.output()).toContain('nothing is kept');
    await open(page, link);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Today');
    await expect(page.locator('.banners')).toContainText('Sample data');
    await page.getByRole('link', { name: '2-minute tour' }).click();
    await awake(page);
    await expect(page.locator('#tour')).toContainText('note 1 of 5');
    const second = await browser.newPage();
    expect((await second.goto(link))?.status(), 'the link works once').toBe(409);
    await second.close();
    expect(troubles()).toEqual([]);
    demo.interrupt();
    expect(await demo.ended).toBe(0);
    expect(demo.output()).toContain('nothing was kept');
    expect(await readdir(temporary)).toEqual([]);
  } finally {
    demo.interrupt();
    await demo.ended;
    await rm(temporary, { recursive: true, force: true });
  }
});

test('the demo is for this machine only, and the sample is taken out of a notebook that is kept', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'retrial-end2end-'));
  try {
    const reachable = start(temporary, ['demo', '--listen', '0.0.0.0:0']);
    expect(await reachable.ended).toBe(1);
    expect(reachable.output()).toContain('reached from other machines');
    const folder = join(temporary, 'notebook');
    const without = start(temporary, ['demo', '--remove', '--data-dir', folder]);
    expect(await without.ended).toBe(1);
    expect(without.output()).toContain('it is not here');
    expect(await readdir(temporary)).toEqual(['notebook']);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
});

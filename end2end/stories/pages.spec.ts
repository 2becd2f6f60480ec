// Every page, with life in it: no accessibility violation and no sideways scrolling, light and dark, phone and desktop.
import { expect, expectAccessible, inEveryLook, open, ownWorld, type Page, type World } from '../base.ts';
import { begin, close, foundAndFixed, restartOneZooKeeper, run, send, setUp, type Fields } from '../notebook.ts';

const test = ownWorld();

// It says itself which page is wrong, where and in which look; a trace of hundreds of pages is opened by nobody, and
// recording it takes a picture of the whole page before and after each step of each check.
test.use({ trace: 'off' });

const PAGES = [
  '/',
  '/services',
  '/services/new',
  '/services/zookeeper',
  '/services/zookeeper/edit',
  '/services?confirm=on',
  '/coverage',
  '/chef',
  '/changes/1',
  '/environments',
  '/teams',
  '/teams/new',
  '/teams/data-platform',
  '/teams/data-platform/edit',
  '/freezes',
  '/calendar',
  '/calendar?view=week',
  '/calendar?view=agenda',
  '/calendar/subscriptions',
  '/experiments/EXP-1/cadence',
  '/gamedays',
  '/gamedays/new',
  '/gamedays/GD-1',
  '/gamedays/GD-1/edit',
  '/slos',
  '/slos/new',
  '/slos/SLO-1',
  '/slos/SLO-1/edit',
  '/slos/SLO-2',
  '/ledger',
  '/ledger?quarter=2020-Q1',
  '/experiments',
  '/experiments/new',
  '/experiments/EXP-1',
  '/experiments/EXP-1?view=runs',
  '/experiments/EXP-1?view=findings',
  '/experiments/EXP-1?view=history',
  '/experiments/EXP-1/edit',
  '/experiments/EXP-1/promote',
  '/experiments/new?template=full-disk%401',
  '/templates',
  '/templates?fault=meteorite',
  '/templates/full-disk',
  '/templates/restart-one-of-ours',
  '/templates/restart-one-of-ours/renew',
  '/experiments/EXP-1/plan/1',
  '/experiments/EXP-1/plan/1..2',
  '/runs',
  '/runs/new',
  '/runs/new?experiment=EXP-1',
  '/runs/past?experiment=EXP-1',
  '/alerts',
  '/runs/compare',
  '/runs/compare?ids=RUN-1,RUN-2',
  '/runs/compare?ids=RUN-1,RUN-2&all=on',
  '/runs/RUN-1',
  '/runs/RUN-2',
  '/runs/RUN-3',
  '/runs/RUN-4',
  '/runs/RUN-4/report',
  '/findings',
  '/findings/new?run=RUN-1',
  '/findings/FND-1',
  '/findings/FND-1/edit',
  '/fixes',
  '/fixes/new?finding=FND-1',
  '/fixes/FIX-1',
  '/fixes/FIX-1/edit',
  '/due',
  '/due?reason=stale',
  '/decisions',
  '/decisions/new',
  '/decisions/DEC-1',
  '/search',
  '/search?q=alerts',
  '/go',
  '/go?q=zoo',
  '/help/keyboard',
  '/seen?services=zookeeper',
  '/people',
  '/profile',
  '/profile/notifications',
  '/profile/mail',
  '/mail',
  '/inbox',
  '/digest',
  '/webhooks',
  '/webhooks/new',
  '/import',
  '/help',
  '/api/docs',
  '/api/docs/runs',
  '/nothing-here',
];

const SAMPLE_PAGES = [
  '/',
  '/sample',
  '/runs',
  '/experiments',
  '/findings?view=all',
  '/fixes',
  '/decisions',
  '/services',
  '/services/demo-kafka',
  '/coverage',
  '/policy',
  '/experiments/DEMO-EXP-3',
  '/experiments/DEMO-EXP-1?view=runs',
  '/runs/DEMO-RUN-1?tour=1',
  '/findings/DEMO-FND-2?tour=2',
  '/runs/DEMO-RUN-3?tour=3',
  '/fixes/DEMO-FIX-2?tour=4',
  '/decisions/DEMO-DEC-1?tour=5',
  '/runs/DEMO-RUN-15',
  '/runs/DEMO-RUN-16',
];

test('every page is accessible and fits its window', async ({ page, world }) => {
  test.setTimeout(1_800_000);
  await setUp(page, world);
  await restartOneZooKeeper(page, world);
  await foundAndFixed(page, world);
  // RUN-2 verifies, RUN-3 ended and waits for its closing, RUN-4 is under way.
  await run(page, world, 'RUN-2', { target: 'zk-1' }, 'upheld');
  await close(page, world, 'RUN-2', 'held');
  await run(page, world, 'RUN-3', { target: 'zk-3' }, 'upheld');
  await begin(page, world, 'RUN-4', 'zk-2');
  await open(page, '/experiments/EXP-1/edit');
  const version = await page.locator('input[name=version]').inputValue();
  await send(page, world, '/experiments/EXP-1/revise', [
    ['title', 'Restart one ZooKeeper, again'],
    ['services[]', 'zookeeper'],
    ['environment', 'production'],
    ['version', version],
  ]);
  await send(page, world, '/experiments/EXP-1/promote', [['name', 'Restart one of ours'], ['requires.0', 'quorum']]);
  await gameday(page, world);
  await teamsAndFreezes(page, world);
  await promises(page, world);
  await changed(page, world);
  await open(page, '/fixes/FIX-1');
  await expect(page.getByText('Verified').first()).toBeVisible();
  const faults = await faultsOf(page, PAGES);
  await send(page, world, '/sample/write');
  faults.push(...(await faultsOf(page, SAMPLE_PAGES)));
  expect(faults).toEqual([]);
});

/** It would make FIX-1 stale, and is marked irrelevant. */
async function changed(page: Page, world: World): Promise<void> {
  await send(page, world, '/services/zookeeper/record-change', [
    ['kind', 'deploy'],
    ['summary', 'Comments of the base role'],
    ['environment', 'production'],
  ]);
  await send(page, world, '/changes/1/mark-irrelevant', [['reason', 'Only comments changed']]);
}

/** Two runs are on it, one of them long over; somebody noted something. */
async function gameday(page: Page, world: World): Promise<void> {
  await send(page, world, '/gamedays', [
    ['title', 'Quorum day'],
    ['date', '2030-11-12'],
    ['from', '10:00'],
    ['until', '13:00'],
    ['agenda', '10:00 Briefing, see EXP-1'],
    ['runs.0', 'RUN-1'],
    ['runs.1', 'RUN-4'],
    ['owner', '1'],
  ]);
  await send(page, world, '/gamedays/GD-1/add-note', [['text', 'RUN-1 was before']]);
}

/** Nothing else may start afterwards: everything is frozen, and the services of the team are, too. */
async function teamsAndFreezes(page: Page, world: World): Promise<void> {
  await send(page, world, '/teams', [
    ['name', 'Data platform'],
    ['zone', 'Europe/Berlin'],
    ['monday', '09:00–12:00, 13:00–17:00'],
    ['holidays.0', '2030-12-25 Christmas Day'],
    ['solo', 'on'],
  ]);
  const freeze = (scope: string, until: string): Fields => [
    ['scope', scope],
    ['until', until],
    ['why', 'The sale begins'],
  ];
  for (const scope of ['everything', 'team:data-platform', 'service:zookeeper']) {
    await send(page, world, '/freezes', freeze(scope, ''));
  }
  await send(page, world, '/freezes', [...freeze('environment:production', ''), ['from', '2030-12-20T00:00']]);
  await send(page, world, '/freezes/3/end', [['why', 'Moved to next week']]);
}

/** SLO-1 is approved, measured and overspent, with a gap; SLO-2 lacks its promise and was never measured. */
async function promises(page: Page, world: World): Promise<void> {
  const slo = (title: string, promise: string): Fields => [
    ['title', title],
    ['service', 'zookeeper'],
    ['environment', 'production'],
    ['promise', promise],
    ['measure', 'time to first byte'],
    ['direction', 'larger_is_worse'],
    ['limit', '1'],
    ['unit', 's'],
    ['target', 'less than 0.1 % bad'],
    ['window', 'rolling'],
    ['days', '28'],
    ['method', 'occurrences'],
    ['too_broken', '90 %'],
  ];
  await send(page, world, '/slos', slo('Sessions answer', 'A session you open stays open.'));
  await send(page, world, '/slos', slo('Sessions answer soon', ''));
  await send(page, world, '/slos/SLO-1/approve', [['version', '1']]);
  const at = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  const row = (number: number, from: number, to: number, bad: number): Fields => [
    [`rows.${number}.from`, at(from)],
    [`rows.${number}.to`, at(to)],
    [`rows.${number}.good`, '1000000'],
    [`rows.${number}.bad`, String(bad)],
  ];
  const rows = [...row(3, 2400, 1680, 4000), ...row(0, 700, 500, 100), ...row(1, 490, 200, 900), ...row(2, 200, 1, 3400)];
  await send(page, world, '/slos/SLO-1/measurements', rows);
}

/** All faults of all pages at once, not one a run. */
async function faultsOf(page: Page, paths: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const path of paths) {
    await open(page, path);
    await looks(page, async (look) => {
      if (!onPostgres) {
        const about = look.startsWith('dark') ? 'colours' : 'all';
        await expectAccessible(page, about).catch((fault: Error) => faults.push(`${path} in ${look}: ${fault.message}`));
      }
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (beyond > 0) {
        faults.push(`${path} in ${look} scrolls sideways by ${beyond} px`);
      }
    });
  }
  return faults;
}

/**
 * A page's words and its look do not come from the engine that keeps them. What is accessible is asked once; on the other
 * engine every page has to come without an error and to fit the narrow window.
 */
const onPostgres = process.env['RETRIAL_TEST_POSTGRES'] !== undefined;
const looks = onPostgres ? inTheNarrowLook : inEveryLook;

async function inTheNarrowLook(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 360, height: 900 });
  await look('light-360');
}

// A notebook in which the whole loop has happened once, written through the same doors as the forms.
import { expect, open, type Page, type World } from './base.ts';

export type Fields = [name: string, value: string][];

/** Sends a form as the signed-in person of `page`; it must be taken. Answers where it led. */
export async function send(page: Page, world: World, path: string, fields: Fields = []): Promise<string> {
  const body = new URLSearchParams(fields);
  const response = await page.request.post(world.url + path, {
    headers: { Origin: world.url, 'Content-Type': 'application/x-www-form-urlencoded' },
    data: body.toString(),
    maxRedirects: 0,
  });
  const text = response.status() === 303 ? '' : (await response.text()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  expect(response.status(), `POST ${path}: ${text}`).toBe(303);
  return response.headers()['location'] ?? '';
}

/** The first admin, who keeps the notebook alone. */
export async function setUp(page: Page, world: World): Promise<void> {
  await page.goto(world.setupLink);
  await page.getByLabel('Name').fill('Ana');
  await page.getByLabel('E-mail').fill('ana@example.org');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByLabel('I work alone').check();
  await page.getByLabel('An empty notebook').check();
  await page.getByRole('button', { name: 'Create and open' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Today');
}

/** Production, no more careful than elsewhere: a start asks for no budget. */
export async function careless(page: Page, world: World): Promise<void> {
  await send(page, world, '/environments/production/edit', [['name', 'Production'], ['class', 'other'], ['version', '1']]);
}

export const GAP = 'alert-gap|during|max';
export const CLIENTS = 'clients-connected|during|every';
export const BACK = 'instance-back|after|every';

/** EXP-1 "Restart one ZooKeeper", approved. */
export async function restartOneZooKeeper(page: Page, world: World): Promise<void> {
  await careless(page, world);
  await send(page, world, '/services/add', [['name', 'zookeeper'], ['stateful', 'on']]);
  await send(page, world, '/services/add', [['name', 'alerting']]);
  const check = (row: number, slot: string, rest: Fields): Fields => {
    const [measure = '', phase = '', aggregate = ''] = slot.split('|');
    const own: Fields = [['measure', measure], ['phase', phase], ['aggregate', aggregate], ...rest];
    return own.map(([name, value]) => [`checks.${row}.${name}`, value]);
  };
  await send(page, world, '/experiments/create', [
    ['title', 'Restart one ZooKeeper'],
    ['question', 'What happens if one ZooKeeper restarts unexpectedly?'],
    ['if_fault', 'one ZooKeeper is restarted'],
    ['then_behaviour', 'internal alerts keep arriving, with no gap longer than 60 s'],
    ['because_safeguard', 'a new leader takes over and every node knows all five instances'],
    ['services[]', 'zookeeper'],
    ['services[]', 'alerting'],
    ['environment', 'production'],
    ['fault_kind', 'process-restart'],
    ['selector', 'role=zookeeper'],
    ['method.0.op', 'restart'],
    ...check(0, GAP, [['comparator', '<='], ['threshold', '60'], ['unit', 's']]),
    ...check(1, CLIENTS, [['comparator', 'holds']]),
    ...check(2, BACK, [['comparator', 'holds']]),
    ['signals.0.signal', 'zookeeper-down'],
    ['signals.0.expect', 'fire'],
    ['signals.0.time', '2 min'],
    ['abort_conditions', 'Lost events above 10,000'],
    ['revert_procedure', 'Start the service by hand'],
    ['revert_owner', 'Ana'],
    ['revert_deadline', '5 min'],
  ]);
  await send(page, world, '/experiments/EXP-1/request-review');
  await send(page, world, '/experiments/EXP-1/plan/1/approve');
}

/** How a run goes. */
export interface Trial {
  target: string;
  gap?: string;
  clients?: 'held' | 'failed';
  back?: 'held' | 'failed';
}

/** Plans, starts and ends a run of EXP-1, and signs what the values propose. */
export async function run(page: Page, world: World, id: string, trial: Trial, verdict: string): Promise<void> {
  await begin(page, world, id, trial.target);
  await end(page, world, id, trial, verdict);
}

/** Ends a run that is under way, and signs what the values propose. */
export async function end(page: Page, world: World, id: string, trial: Trial, verdict: string): Promise<void> {
  const answer = (check: string, seen: string, claimed: string) =>
    send(page, world, `/runs/${id}/answer-check`, [
      ['check', check],
      ['seen', seen],
      ['source', 'customer count'],
      ['claimed', claimed],
      ['claimed_source', claimed === '' ? '' : 'dashboard'],
    ]);
  await answer(GAP, trial.gap ?? '38 s', 'ok');
  await answer(CLIENTS, trial.clients ?? 'held', trial.clients === 'failed' ? 'failing' : 'ok');
  await send(page, world, `/runs/${id}/end-fault`);
  await answer(BACK, trial.back ?? 'held', '');
  await send(page, world, `/runs/${id}/finish`);
  await send(page, world, `/runs/${id}/sign`, [['verdict', verdict], ['analysis', 'as the values say']]);
}

/** Ana is alone: she owns the run, can revert it, looks for incidents, and answers what the gate asks. */
export async function ready(page: Page, world: World, id: string): Promise<void> {
  await send(page, world, `/runs/${id}/attend`, [
    ['person', '1'],
    ['parts.0', 'owner'],
    ['can_revert', 'on'],
    ['present', 'on'],
  ]);
  await send(page, world, `/runs/${id}/look-both-ways`, [['looks.0.look', 'incidents'], ['looks.0.sight', 'clear']]);
  await open(page, `/runs/${id}`);
  const asks = page.locator('#gate li').filter({ hasText: 'Waits for an answer' });
  const checks = await asks.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-check') ?? ''));
  for (const check of checks) {
    await send(page, world, `/runs/${id}/answer-gate`, [['check', check], ['text', 'Seen, and accepted.']]);
  }
}

/** A run that is under way. */
export async function begin(page: Page, world: World, id: string, target: string): Promise<void> {
  await send(page, world, '/runs/plan', [
    ['experiment', 'EXP-1'],
    ['owner', 'Ana'],
    ['targets.0.name', target],
    ['targets.0.hit', 'on'],
  ]);
  await start(page, world, id, target);
}

/** Starts a run that is planned. */
export async function start(page: Page, world: World, id: string, target: string): Promise<void> {
  await ready(page, world, id);
  await send(page, world, `/runs/${id}/start`);
  await send(page, world, `/runs/${id}/begin-fault`);
  await send(page, world, `/runs/${id}/record-effect`, [['name', target], ['effect', 'shown'], ['evidence', 'new process id']]);
  await send(page, world, `/runs/${id}/observe`, [['text', 'Leader moved to zk-4, see EXP-1'], ['kind', 'expected']]);
}

/** RUN-1 refuted, FND-1 on zk-1, FIX-1 deployed. */
export async function foundAndFixed(page: Page, world: World): Promise<void> {
  await run(page, world, 'RUN-1', { target: 'zk-1', clients: 'failed' }, 'refuted');
  await send(page, world, '/findings', [
    ['title', 'nodes talk only to the first instance'],
    ['severity', 'high'],
    ['kind', 'weakness'],
    ['origin', 'RUN-1'],
    ['revealing', `check:${CLIENTS}`],
    ['condition', 'names'],
    ['condition_on', 'zk-1'],
  ]);
  await send(page, world, '/runs/RUN-1/close', [['decision', 'fix_and_rerun']]);
  await send(page, world, '/fixes', [['title', 'complete the address list'], ['findings[]', 'FND-1']]);
  await send(page, world, '/fixes/FIX-1/deploy', [['environment', 'production'], ['reference', 'v2']]);
}

/** Closes a run whose one open fix is FIX-1. */
export async function close(page: Page, world: World, id: string, exercised: 'held' | 'failed' | 'not'): Promise<void> {
  await send(page, world, `/runs/${id}/close`, [
    ['answers.0.fix', 'FIX-1'],
    ['answers.0.finding', 'FND-1'],
    ['answers.0.exercised', exercised],
    ['answers.0.reason', 'as seen'],
    ['decision', 'repeat_as_is'],
  ]);
}

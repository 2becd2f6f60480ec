// The whole loop through the forms people see: experiment, run, finding, fix, rerun, proof, decision. Walked with and without script.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Browser, Locator } from '@playwright/test';
import { awake, expect, open, test, watch, type Page, type World } from './base.ts';
import { careless } from './notebook.ts';

const CLIENTS = 'clients-connected';
const PASSWORD = 'correct horse battery';

/** Presses a button, waits for the page it leads to, and sees that nothing was refused. */
async function press(page: Page, button: Locator): Promise<void> {
  await Promise.all([page.waitForEvent('load'), button.click()]);
  await awake(page);
  expect(await page.locator('.errors').allInnerTexts(), `after pressing at ${page.url()}`).toEqual([]);
}

const button = (scope: Page | Locator, name: string) => scope.getByRole('button', { name, exact: true });

/** Opens a folded part of the page by its first words, and answers it. */
async function unfolded(scope: Page | Locator, words: string): Promise<Locator> {
  const part = scope.locator('summary').filter({ hasText: words }).first().locator('xpath=..');
  if ((await part.getAttribute('open')) === null) {
    await part.locator('summary').first().click();
  }
  return part;
}

async function setUp(page: Page, world: World): Promise<void> {
  await open(page, world.setupLink);
  await page.getByLabel('Name').fill('Ana');
  await page.getByLabel('E-mail').fill('ana@example.org');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByLabel('An empty notebook').check();
  await press(page, button(page, 'Create and open'));
}

/** A second person: plans are reviewed and runs judged by somebody else. */
export async function invite(ana: Page, ben: Page): Promise<void> {
  await open(ana, '/people');
  const form = ana.locator('form[action="/people/invite"]');
  await form.getByLabel('E-mail').fill('ben@example.org');
  await form.getByLabel('Role').selectOption('contributor');
  await press(ana, button(form, 'Make invitation link'));
  const link = await ana.locator('section[role=status] code').innerText();
  await open(ben, link);
  await ben.getByLabel('Name').fill('Ben');
  await ben.getByLabel('Password').fill(PASSWORD);
  await press(ben, button(ben, 'Join'));
}

async function addService(page: Page, name: string): Promise<void> {
  await open(page, '/services/new');
  await page.getByLabel('Name').fill(name);
  await press(page, button(page, 'Add service'));
}

async function writeCheck(page: Page, number: number, measure: string, phase: string, aggregate: string, seconds?: string) {
  const row = page.getByRole('group', { name: `Check ${number}` });
  await row.getByLabel('Measure').fill(measure);
  await row.getByLabel('When').selectOption(phase);
  await row.getByLabel('Which value').selectOption(aggregate);
  await row.getByLabel('Must be').selectOption(seconds === undefined ? 'holds' : '<=');
  if (seconds !== undefined) {
    await row.getByLabel('Threshold').fill(seconds);
    await row.getByLabel('Unit').fill('s');
  }
}

async function writeExperiment(page: Page): Promise<void> {
  await open(page, '/experiments/new');
  await page.getByLabel('Title').fill('Restart one ZooKeeper');
  await page.getByLabel('Question').fill('What happens if one ZooKeeper restarts unexpectedly?');
  await page.getByLabel('zookeeper').check();
  await page.getByLabel('If', { exact: true }).fill('one ZooKeeper is restarted');
  await page.getByLabel('then', { exact: true }).fill('internal alerts keep arriving, with no gap longer than 60 s');
  await page.getByLabel('because', { exact: true }).fill('a new leader takes over and every node knows all instances');
  await page.getByLabel('Environment').selectOption('production');
  await page.getByLabel('Selector').fill('role=zookeeper');
  await page.getByLabel('Revert procedure').fill('Start the service by hand.');
  await page.getByLabel('Revert owner').fill('Ana');
  await page.getByLabel('Revert deadline').fill('5 min');
  await page.getByLabel('Fault kind').fill('process-restart');
  await page.getByRole('group', { name: 'Method 1' }).getByLabel('Operation').fill('restart');
  await writeCheck(page, 1, 'alert-gap', 'during', 'max', '60');
  await writeCheck(page, 2, CLIENTS, 'during', 'every');
  await writeCheck(page, 3, 'instance-back', 'after', 'every');
  await press(page, page.locator('button.primary', { hasText: 'Save draft' }));
}

/** Whoever wrote the newest revision asks, somebody else approves. */
async function review(ana: Page, ben: Page, number: number): Promise<void> {
  await open(ana, '/experiments/EXP-1');
  await press(ana, button(ana, 'Request review'));
  await open(ben, '/experiments/EXP-1');
  await ben.getByRole('link', { name: 'Review plan' }).click();
  await awake(ben);
  await press(ben, button(ben, 'Approve plan'));
  await open(ana, `/experiments/EXP-1/plan/${number}`);
  await expect(ana.locator('.page-head')).toContainText('Approved');
}

/** Another bound for the longest gap between alerts: a further revision, approved. */
async function revise(ana: Page, ben: Page, number: number, seconds: string): Promise<void> {
  await open(ana, '/experiments/EXP-1/edit');
  await ana.getByRole('group', { name: 'Check 1' }).getByLabel('Threshold').fill(seconds);
  await press(ana, ana.locator('button.primary', { hasText: 'Save plan' }));
  await review(ana, ben, number);
}

async function answerCheck(page: Page, measure: string, seen: string, claimed: '' | 'ok' | 'failing'): Promise<void> {
  const row = await unfolded(page.locator('#checks'), measure);
  await row.getByLabel('What happened').fill(seen);
  await row.getByLabel('Seen by').fill('customer count');
  await row.getByLabel('Telemetry claimed').selectOption(claimed);
  if (claimed !== '') {
    await row.getByLabel('Claimed by').fill('dashboard');
  }
  await press(page, button(row, 'Record value'));
}

interface Trial {
  readonly id: string;
  readonly target: string;
  readonly clients: 'held' | 'failed';
  readonly verdict: 'Upheld' | 'Refuted';
}

/** Marks one person present on the planned run. */
async function present(page: Page, name: string, part: string, canRevert: boolean): Promise<void> {
  const form = await unfolded(page.locator('#present'), 'Mark somebody');
  await form.getByLabel('Person').selectOption({ label: name });
  await form.getByLabel(part, { exact: true }).check();
  if (canRevert) {
    await form.getByLabel('Can revert').check();
  }
  await press(page, button(form, 'Save person'));
}

/** Whoever does not start the run looks for incidents, and answers what its gate asks. */
async function answerGate(ben: Page, id: string): Promise<void> {
  await open(ben, `/runs/${id}`);
  const looks = await unfolded(ben.locator('#looks'), 'Record what you see');
  await looks.getByLabel('Incidents here and nearby', { exact: true }).selectOption('clear');
  await press(ben, button(looks, 'Record looks'));
  for (;;) {
    await open(ben, `/runs/${id}`);
    // For him his own answers do not count: he could be the one who starts it.
    const asked = ben.locator('#gate li').filter({ hasText: 'Waits for an answer', hasNotText: 'You answered' });
    const waiting = asked.first();
    if ((await waiting.count()) === 0) {
      return;
    }
    const form = await unfolded(waiting, 'Answer');
    await form.getByLabel('Your answer').fill('Seen, and accepted.');
    await press(ben, button(form, 'Answer'));
  }
}

/** Plans, starts, records and ends a run, and signs what its values propose. */
async function run(page: Page, ben: Page, { id, target, clients, verdict }: Trial): Promise<void> {
  await open(page, '/experiments/EXP-1');
  await page.getByRole('link', { name: /^Plan (re)?run$/ }).first().click();
  await awake(page);
  await page.getByLabel('Target 1', { exact: true }).fill(target);
  await page.getByLabel('Hit target 1').check();
  // Whoever is named here is expected on the run, which is a line that the other walks do not write.
  await page.getByLabel('Coordinator').fill('');
  await press(page, button(page, 'Schedule run'));
  await expect(page).toHaveURL(new RegExp(`/runs/${id}$`));
  await present(page, 'Ana', 'Owner', true);
  await present(page, 'Ben', 'Observer', false);
  await answerGate(ben, id);
  await press(page, button(page, 'Start run'));
  await press(page, button(page, 'Fault began'));

  const effect = await unfolded(page.locator('#targets'), `Effect on ${target}`);
  await effect.getByLabel('Took effect', { exact: true }).check();
  await effect.getByLabel('What shows it').fill('a new process id');
  await press(page, button(effect, 'Record effect'));
  await page.getByLabel('Observation').fill(`${target} is down, the leader moved`);
  await page.getByLabel('Unexpected').check();
  // With script no page is loaded for it.
  await button(page, 'Add observation').click();
  await expect(page.locator('#o1')).toContainText(`${target} is down, the leader moved`);
  await awake(page);

  await answerCheck(page, 'alert-gap', '38 s', 'ok');
  await answerCheck(page, CLIENTS, clients, clients === 'held' ? 'ok' : 'failing');
  await press(page, button(page, 'Fault ended'));
  await answerCheck(page, 'instance-back', 'held', '');
  await press(page, button(page, 'Finish run'));
  await expect(page.locator('.answers')).toContainText('Verdict due');
  await page.getByLabel('Analysis').fill('As the values say.');
  await press(page, button(page, 'Sign verdict'));
  await expect(page.locator('.answers')).toContainText(verdict);
}

/** Closes the run that is shown: the decision, and where there is something to say, the answer for FIX-1. */
async function close(page: Page, decision: string, exercised?: string): Promise<void> {
  const closing = page.locator('#closing');
  if (exercised !== undefined) {
    await closing.getByLabel(exercised, { exact: true }).check();
  }
  await closing.getByLabel('Decision').selectOption(decision);
  await press(page, button(closing, 'Close run'));
  await expect(page.getByRole('status').filter({ hasText: 'is closed' })).toBeVisible();
}

async function writeFinding(page: Page): Promise<void> {
  await open(page, '/runs/RUN-1');
  await page.getByRole('link', { name: 'Write finding' }).first().click();
  await awake(page);
  await page.getByLabel('Title').fill('nodes talk only to the first instance');
  await page.getByLabel('Revealed by').selectOption(`check:${CLIENTS}|during|every`);
  await page.getByLabel('Named targets').check();
  await page.getByLabel('Names or role').fill('zk-1');
  await press(page, button(page, 'Write finding'));
  await expect(page.locator('.page-head')).toContainText('Open');
}

async function fixAndDeploy(page: Page): Promise<void> {
  await open(page, '/findings/FND-1');
  await page.getByRole('link', { name: 'Propose fix' }).first().click();
  await awake(page);
  await page.getByLabel('Title').fill('complete the address list');
  await press(page, button(page, 'Propose fix'));
  const deployment = await unfolded(page, 'Record a deployment');
  await deployment.getByLabel('Version or reference').fill('v2');
  await press(page, button(deployment, 'Record deployment'));
  await fixIs(page, 'Deployed (unverified)');
}

/** What FIX-1 amounts to, and the sentence that says why. */
async function fixIs(page: Page, standing: string, because = ''): Promise<void> {
  await open(page, '/fixes/FIX-1');
  await expect(page.locator('.page-head')).toContainText(standing);
  await expect(page.locator('details.why').first()).toContainText(because);
}

async function rule(ben: Page, id: string, ruling: 'Valid' | 'Invalid', reason: string): Promise<void> {
  await open(ben, `/runs/${id}`);
  const part = await unfolded(ben, 'Rule on validity');
  await part.getByLabel(ruling, { exact: true }).check();
  await part.getByLabel('Reason').fill(reason);
  await press(ben, button(part, 'Rule on validity'));
}

async function decide(page: Page): Promise<void> {
  await open(page, '/decisions/new');
  await page.getByLabel('Adopt a change', { exact: true }).check();
  await page.getByLabel('Title').fill('Update the fleet without a maintenance window');
  await page.getByLabel('Saving, with its source').fill('Two nights a month, by the rota');
  await page.getByLabel('EXP-1').check();
  await press(page, page.locator('button.primary', { hasText: 'Record decision' }));
  await expect(page.locator('.page-head')).toContainText('In force');
}

interface Line {
  readonly kind: string;
  readonly object: string;
  readonly act: string;
  readonly by: string;
}

/** The walks through the API and through the command line end in the same lines; how people come in is each door's own. */
async function endsInTheSameHistory(page: Page): Promise<void> {
  const answer = await page.request.get('/api/v1/events?limit=200');
  const { events, more } = (await answer.json()) as { events: Line[]; more: boolean };
  const walked = events
    .filter(({ kind }) => kind !== 'person' && kind !== 'setting')
    .map(({ kind, object, act, by }) => [kind, object, act, by]);
  const golden = resolve(import.meta.dirname, '../notebook/tests/documents/loop_history.json');
  expect(more).toBe(false);
  expect(walked).toEqual(JSON.parse(await readFile(golden, 'utf8')));
}

/** `ana` plans and runs, `ben` reviews and judges; the world is untouched. */
async function walk(ana: Page, ben: Page, world: World): Promise<void> {
  await setUp(ana, world);
  await invite(ana, ben);
  await careless(ana, world);
  await addService(ana, 'zookeeper');
  await writeExperiment(ana);
  await review(ana, ben, 1);

  await run(ana, ben, { id: 'RUN-1', target: 'zk-1', clients: 'failed', verdict: 'Refuted' });
  await writeFinding(ana);
  await open(ana, '/runs/RUN-1');
  await close(ana, 'fix_and_rerun');
  await fixAndDeploy(ana);

  // Another target: the finding was on zk-1, so this proves nothing about its fix.
  await run(ana, ben, { id: 'RUN-2', target: 'zk-3', clients: 'held', verdict: 'Upheld' });
  await expect(ana.locator('#closing')).toContainText('the fault took effect on zk-3; FND-1 asks for target zk-1');
  await close(ana, 'repeat_as_is');
  await fixIs(ana, 'Deployed (unverified)', 'RUN-2 hit zk-3 only');

  // A looser plan: what holds under it might not have held under the first.
  await revise(ana, ben, 2, '600');
  await run(ana, ben, { id: 'RUN-3', target: 'zk-1', clients: 'held', verdict: 'Upheld' });
  await expect(ana.locator('aside')).toContainText('Looser');
  await close(ana, 'repeat_as_is', 'Exercised and held');
  await fixIs(ana, 'Deployed (unverified)', 'RUN-3 used a looser plan');

  // The same experiment on the same target.
  await revise(ana, ben, 3, '60');
  await run(ana, ben, { id: 'RUN-4', target: 'zk-1', clients: 'held', verdict: 'Upheld' });
  await close(ana, 'repeat_as_is', 'Exercised and held');
  await fixIs(ana, 'Verified', 'RUN-4 verifies FIX-1');

  // The proof falls with its run, and stands again with it.
  await rule(ben, 'RUN-4', 'Invalid', 'the restart command had silently failed');
  await fixIs(ana, 'Deployed (unverified)', 'RUN-4 is invalid');
  await rule(ben, 'RUN-4', 'Valid', 'the log shows the restart after all');
  await fixIs(ana, 'Verified', 'RUN-4 verifies FIX-1');
  await decide(ana);
  await endsInTheSameHistory(ana);
}

/** The walk with a colleague in a browser of her own; neither browser may complain. */
export async function walkTogether(page: Page, browser: Browser, world: World): Promise<void> {
  const javaScriptEnabled = test.info().project.use.javaScriptEnabled ?? true;
  const context = await browser.newContext({ baseURL: world.url, javaScriptEnabled });
  const colleague = await context.newPage();
  const troubles = watch(colleague);
  await walk(page, colleague, world);
  expect(troubles()).toEqual([]);
  await context.close();
}

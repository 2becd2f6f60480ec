// A running Retrial with a notebook of its own: fresh folder, free port, and on PostgreSQL a fresh database.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const START_MS_MAX = 30_000;
const STOP_MS_MAX = 15_000;
const POLL_MS = 50;

/** The program: `RETRIAL_BIN`, else the debug build. */
export const BIN = process.env['RETRIAL_BIN'] ?? resolve(import.meta.dirname, '../target/debug/retrial');

/** What a story needs to know about the server it visits. */
export interface World {
  /** Without a slash at the end. */
  readonly url: string;
  /** The one-time link that makes the first person the admin. */
  readonly setupLink: string;
  /** Everything the server has written so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts the server and waits until it answers and names its setup link. */
export async function startWorld(): Promise<World> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'retrial-end2end-'));
  const database = await createDatabase();
  const child = spawn(BIN, ['serve', '--listen', `127.0.0.1:${port}`, '--data-dir', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutSettings(process.env), ...database.environment },
  });
  let written = '';
  const collect = (text: Buffer) => {
    written += text.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<string>((done) => {
    child.once('error', (reason) => done(`${BIN} cannot be started: ${reason.message}`));
    child.once('exit', (code, signal) => done(`${BIN} ended with ${signal ?? code}`));
  });
  const output = () => written;
  const stop = async () => {
    await stopProcess(child);
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };

  try {
    const setupLink = await untilReady(url, output, ended);
    return { url, setupLink, output, stop };
  } catch (reason) {
    await stop();
    throw reason;
  }
}

/** The developer's own settings of Retrial would change what stories see. */
export function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('RETRIAL_')));
}

async function untilReady(url: string, output: () => string, ended: Promise<string>): Promise<string> {
  let end: string | undefined;
  void ended.then((how) => (end = how));
  const deadline = Date.now() + START_MS_MAX;
  for (;;) {
    const link = setupLinkIn(output());
    if (link !== undefined && (await answers(`${url}/healthz`))) {
      return link;
    }
    if (end !== undefined) {
      throw new Error(`${end}\n${output()}`);
    }
    if (Date.now() > deadline) {
      throw new Error(`no setup link and no healthy answer within ${START_MS_MAX} ms\n${output()}`);
    }
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

/** The first setup link in what the server wrote, as text or inside a log line. */
export function setupLinkIn(output: string): string | undefined {
  // colours of a terminal would end up in the token
  const plain = output.replace(/\u001b\[[0-9;]*m/g, '');
  return /https?:\/\/[^\s"']+\/setup\?token=[A-Za-z0-9_%-]+/.exec(plain)?.[0];
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', done);
  });
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') {
    throw new Error('the system gave no port');
  }
  return address.port;
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  child.kill('SIGTERM');
  const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await exited;
  clearTimeout(impatient);
}

interface Database {
  environment: Record<string, string>;
  drop(): Promise<void>;
}

/** With `RETRIAL_TEST_POSTGRES` (an address with `host` and `user`) a new database there, else SQLite in the folder. */
async function createDatabase(): Promise<Database> {
  const server = process.env['RETRIAL_TEST_POSTGRES'];
  if (server === undefined || server === '') {
    return { environment: {}, drop: async () => {} };
  }
  const { searchParams } = new URL(server);
  const host = searchParams.get('host') ?? '';
  const user = searchParams.get('user') ?? 'postgres';
  const name = `end2end_${randomBytes(6).toString('hex')}`;
  const programs = process.env['RETRIAL_POSTGRES_PROGRAMS'] ?? '';
  const run = async (program: string, ...words: string[]) => {
    await promisify(execFile)(join(programs, program), ['--host', host, '--username', user, ...words, name]);
  };
  await run('createdb');
  return {
    environment: { RETRIAL_DATABASE_URL: `postgres:///${name}?host=${encodeURIComponent(host)}&user=${user}` },
    drop: () => run('dropdb', '--force', '--if-exists'),
  };
}

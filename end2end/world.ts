// A running Retrial with a notebook of its own: fresh folder, a port that nobody has, and on PostgreSQL a fresh database.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
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
  /** Starts a second server on the same database and answers its address; where the database is a file that the first one holds, that of the first. */
  beside(): Promise<string>;
  /** Sets the clock of a world that was started with one of its own; it goes on from there. */
  moveTo(moment: string): Promise<void>;
  /** Ends the server by the signal and starts it again where it was, once `meanwhile` is done. */
  restart(signal: 'SIGTERM' | 'SIGKILL', meanwhile: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** A server of some database. */
interface Served {
  /** Empty until it has said where it is. */
  readonly url: string;
  output(): string;
  /** How it ended, once it has. */
  end(): string | undefined;
  /** Comes back when the process is gone. */
  halt(signal: NodeJS.Signals): Promise<void>;
  /** Once more, at the same address and in the same folder. */
  start(): void;
  stop(): Promise<void>;
}

/**
 * Starts the server and waits until it answers and names its setup link. With a moment its clock begins there, else it is
 * the machine's. `settings` are the operator's, by their names in the environment.
 */
export async function startWorld(moment?: string, settings: Record<string, string> = {}): Promise<World> {
  const clock = moment === undefined ? machineClock : await createClock(moment);
  const database = await createDatabase();
  const first = await serve(database, clock, settings);
  const all = [first];
  const stop = async () => {
    for (const served of all) {
      await served.stop();
    }
    await database.drop();
    await clock.drop();
  };
  const beside = async () => {
    if (Object.keys(database.environment).length === 0) {
      return first.url;
    }
    const second = await serve(database, clock, settings);
    all.push(second);
    return answering(second);
  };
  const restart = async (signal: 'SIGTERM' | 'SIGKILL', meanwhile: () => Promise<void>) => {
    await first.halt(signal);
    await meanwhile();
    first.start();
    await answering(first);
  };

  try {
    const setupLink = await until(first, async () => {
      const link = setupLinkIn(first.output());
      return link !== undefined && (await answers(`${first.url}/healthz`)) ? link : undefined;
    });
    return { url: first.url, setupLink, output: first.output, beside, moveTo: clock.moveTo, restart, stop };
  } catch (reason) {
    await stop();
    throw reason;
  }
}

/** In a fresh folder. */
async function serve(database: Database, clock: Clock, settings: Record<string, string>): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'retrial-end2end-'));
  let written = '';
  let how: string | undefined;
  const collect = (text: Buffer) => {
    written += text.toString();
  };
  const url = () => addressIn(written) ?? '';
  const begin = (): ChildProcess => {
    how = undefined;
    // The system gives it a port that nobody has. One that is looked for and given back may be taken until it is used.
    const listen = url() === '' ? '127.0.0.1:0' : new URL(url()).host;
    const child = spawn(BIN, ['serve', '--listen', listen, '--data-dir', folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...withoutSettings(process.env), ...database.environment, ...clock.environment, ...settings },
    });
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (reason) => (how = `${BIN} cannot be started: ${reason.message}`));
    child.once('exit', (code, signal) => (how = `${BIN} ended with ${signal ?? code}`));
    return child;
  };
  let child = begin();
  const halt = (signal: NodeJS.Signals) => endProcess(child, signal);
  const start = () => {
    child = begin();
  };
  const stop = async () => {
    await halt('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  };
  return {
    get url() {
      return url();
    },
    output: () => written,
    end: () => how,
    halt,
    start,
    stop,
  };
}

/** Waits until it answers, and says where. */
function answering(served: Served): Promise<string> {
  return until(served, async () => ((await answers(`${served.url}/healthz`)) ? served.url : undefined));
}

/** The developer's own settings of Retrial would change what stories see. */
export function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('RETRIAL_')));
}

/** Looks again and again until there is something to see. */
async function until<T>(served: Served, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + START_MS_MAX;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) {
      return seen;
    }
    const end = served.end();
    if (end !== undefined) {
      throw new Error(`${end}\n${served.output()}`);
    }
    if (Date.now() > deadline) {
      throw new Error(`no answer within ${START_MS_MAX} ms\n${served.output()}`);
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

/** Where a server said that it is: the first time, and after each restart. */
function addressIn(output: string): string | undefined {
  return /^ *listening +(http:\/\/\S+)\s/m.exec(output)?.[1];
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  child.kill(signal);
  const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await exited;
  clearTimeout(impatient);
}

interface Clock {
  environment: Record<string, string>;
  moveTo(moment: string): Promise<void>;
  drop(): Promise<void>;
}

const machineClock: Clock = {
  environment: {},
  moveTo: async () => {
    throw new Error('this world goes by the clock of the machine; start it with a moment');
  },
  drop: async () => {},
};

/** libfaketime answers in the server's process: what it takes for now is so far away from what the machine does. */
async function createClock(moment: string): Promise<Clock> {
  const folder = await mkdtemp(join(tmpdir(), 'retrial-clock-'));
  const file = join(folder, 'now');
  const moveTo = async (to: string) => {
    const seconds = Math.round((Date.parse(to) - Date.now()) / 1000);
    // Nobody reads half of it.
    await writeFile(`${file}.next`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    await rename(`${file}.next`, file);
  };
  await moveTo(moment);
  const environment = {
    LD_PRELOAD: process.env['RETRIAL_TEST_FAKETIME'] ?? '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    // Timers go on as they are.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    // And so do the times of files.
    NO_FAKE_STAT: '1',
  };
  return { environment, moveTo, drop: () => rm(folder, { recursive: true, force: true }) };
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

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { asIdentity, chooseIdentity, giveTo } from '../../infra/parts/identity.ts';
import { ensureTools } from '../../infra/tools/tools.ts';
import { freePort } from './free-ports.ts';
import { type Running, run } from './processes.ts';
import { inTime, until } from './until.ts';

const runOnce = promisify(execFile);

/** A Postgres server of this test run alone, on a free port of 127.0.0.1, with its data in a temporary folder. */
export type TestPostgres = {
  readonly port: number;
  /** Makes a database, empty or like the one at `likeUrl` (which nobody may be using), and returns its URL, as superuser `tester`. */
  createDatabase(likeUrl?: string): Promise<string>;
  /** As a power cut: no goodbye to anyone. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  start(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
};

/**
 * Starts a server. Without `durable` it does not wait for the disk: right for tests that don't measure.
 * @throws when it does not come up, with what it printed
 */
export async function startPostgres(options: { durable?: boolean } = {}): Promise<TestPostgres> {
  const tools = await ensureTools(['run'], () => undefined);
  const home = mkdtempSync(join(tmpdir(), 'hotline-pg-'));
  const data = join(home, 'data');
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, password);
  const identity = await chooseIdentity([home]);
  giveTo(identity, home);
  const initdb = asIdentity(identity, tools.initdb);
  await runOnce(
    initdb.command,
    [
      ...initdb.args,
      ...['--pgdata', data, '--username', 'tester', '--auth', 'scram-sha-256', '--pwfile', passwordFile],
      ...['--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
    ],
    { env: { ...process.env, ...initdb.env } },
  );
  const port = await freePort();
  const urlOf = (database: string): string => `postgres://tester:${password}@127.0.0.1:${port}/${database}`;
  const settings = [
    '-c',
    `port=${port}`,
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
    // Somebody else's server may have any defaults.
    ...['-c', 'datestyle=SQL,DMY', '-c', 'intervalstyle=sql_standard', '-c', 'timezone=Asia/Kathmandu'],
    ...['-c', 'bytea_output=escape', '-c', 'default_transaction_isolation=serializable'],
  ];
  if (!options.durable) settings.push('-c', 'fsync=off', '-c', 'full_page_writes=off');
  let server: Running | null = null;
  let databases = 0;

  const start = async (): Promise<void> => {
    const started = await run({
      name: 'postgres',
      program: asIdentity(identity, tools.postgres),
      args: ['-D', data, ...settings],
    });
    server = started;
    await until(
      'postgres to answer',
      () => {
        if (started.exit()) throw new Error(started.output());
        return command(urlOf('postgres'), 'select 1');
      },
      { withinMs: 20_000, everyMs: 50, seen: () => started.output() },
    );
  };
  await start();
  return {
    port,
    createDatabase: async (likeUrl) => {
      databases += 1;
      const template = likeUrl ? new URL(likeUrl).pathname.slice(1) : 'template1';
      await command(urlOf('postgres'), `create database hotline_${databases} template ${template}`);
      return urlOf(`hotline_${databases}`);
    },
    start,
    kill: async () => {
      if (!server) return;
      // Its processes for connections would outlive it for a moment, and finish what they are asked.
      const { pid } = server;
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
      await server.kill();
      for (const child of children.map(Number)) killIfThere(child);
    },
    stop: async () => {
      if (server && !server.exit()) {
        // SIGTERM would wait for connections that a failed test left open; SIGINT ends them, and tidies shared memory up.
        process.kill(server.pid, 'SIGINT');
        await inTime('postgres to stop', server.exited, 20_000);
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Runs one statement on a connection of its own and returns its rows. */
export async function command(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  // The driver reads dates in this style only.
  const client = new pg.Client({ connectionString: url, options: '-c datestyle=ISO' });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

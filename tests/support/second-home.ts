import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signInTo } from './api-client.ts';
import { freePort } from './free-ports.ts';
import { type Instance, runningInstances } from './instance.ts';
import { logTail } from './log-tail.ts';
import { type Running, run } from './processes.ts';
import { sceneOf } from './scene.ts';
import { until } from './until.ts';

const repoDir = join(import.meta.dirname, '../..');

/** A second home's controller, as one on another machine: it reaches the first one's Asterisk and Postgres by address. */
export type SecondHome = {
  readonly home: string;
  readonly url: string;
  readonly running: Running;
  logs(): string;
  stop(): Promise<void>;
};

/** Starts it, with the first home's passwords handed over by copying the two files. Resolves when it stands by. */
export async function startSecondHome(first: Instance): Promise<SecondHome> {
  const home = mkdtempSync(join(tmpdir(), 'hotline-second-'));
  for (const file of ['secrets.json', 'credentials.json'])
    copyFileSync(join(first.home, file), join(home, file));
  for (const folder of ['ui', 'sounds'])
    if (existsSync(join(first.home, folder)))
      cpSync(join(first.home, folder), join(home, folder), { recursive: true, preserveTimestamps: true });
  const port = await freePort();
  const running = await run({
    name: 'second home',
    program: {
      command: process.execPath,
      args: [],
      env: {
        ...first.env,
        HOTLINE_HOME: home,
        HOTLINE_HTTP_PORT: String(port),
        HOTLINE_STANDBY_OF: '127.0.0.1',
        DATABASE_URL: first.credentials.postgres.url,
      },
    },
    args: [join(repoDir, 'infra/cli.ts'), 'start'],
    cwd: repoDir,
  });
  const logOf = (name: string) => logTail(`second ${name}`, join(home, 'logs', `${name}.log`));
  const url = `http://127.0.0.1:${port}`;
  const logs = () => [running.output().slice(-2_000), logOf('supervisor'), logOf('controller')].join('\n');
  const signIn = (user: string) => signInTo(url, user, first.credentials.users[user] ?? '');
  const shown = { logs, scene: () => sceneOf({ signIn }) };
  runningInstances.add(shown);
  const stop = async () => {
    await running.stop(30_000);
    runningInstances.delete(shown);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await until(
      'the second home to stand by',
      () => {
        if (running.exit()) throw new Error(`it ended: ${logs()}`);
        return /^hotline ready {2}standby of/m.test(running.output());
      },
      { withinMs: 120_000, everyMs: 100, seen: logs },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { home, url, running, logs, stop };
}

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { until } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'log-full-'));
const file = join(folder, 'program.log');
/** Says a line whenever it is asked to, and ends when its input does. */
const program = `
  import { pino } from 'pino';
  import { logDestination } from './services/runtime/log-destination.ts';
  const log = pino({ base: null }, logDestination(1));
  for await (const line of process.stdin) log.info(String(line).trim());
`;
let stop: () => void = () => undefined;
afterEach(() => {
  stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the log is on a full disk: the program goes on, and its lines are written when there is room', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['pipe', openSync(file, 'a'), 'inherit'],
  });
  stop = () => child.kill('SIGKILL');
  const said = () => readFileSync(file, 'utf8');
  const say = (text: string) => void child.stdin?.write(`${text}\n`);
  /** The kernel refuses to write behind so many bytes of a file, as a disk without room does. */
  const diskTakes = (bytes: number | 'unlimited') =>
    execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}:unlimited`]);

  say('one');
  await until('the first line', () => said().includes('one'), { withinMs: 20_000 });
  diskTakes(10);
  for (const text of ['two', 'three']) say(text);
  // It answers still: a signal it does not handle would tell if it had ended.
  await until('the lines to have been read', () => child.stdin?.writableLength === 0);
  diskTakes('unlimited');
  say('four');
  await until('all lines', () => said().includes('four'), { withinMs: 20_000, seen: said });
  expect(child.exitCode).toBeNull();
  expect(
    said()
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg)
      .join(' '),
  ).toMatch(/one.*four/s);
});

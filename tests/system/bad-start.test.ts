import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freePort, freePortRange } from '../support/free-ports.ts';
import { type Instance, startInstance } from '../support/instance.ts';
import { run } from '../support/processes.ts';
import { until } from '../support/until.ts';

const repoDir = join(import.meta.dirname, '../..');

/** A healthy service beside which the bad starts happen: it must not notice. */
let healthy: Instance;

beforeAll(async () => {
  healthy = await startInstance();
});
afterAll(() => healthy?.stop());

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanUps.splice(0).reverse()) await clean();
});

/** A home of its own for one bad start. */
function newHome(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hotline-bad-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function ports(): Promise<Record<string, string>> {
  const rtp = await freePortRange(100);
  return {
    HOTLINE_HTTP_PORT: String(await freePort()),
    HOTLINE_SIP_PORT: String(await freePortRange(2)),
    HOTLINE_ASTERISK_HTTP_PORT: String(await freePortRange(3)),
    HOTLINE_PG_PORT: String(await freePort()),
    HOTLINE_PROMETHEUS_PORT: String(await freePort()),
    HOTLINE_RTP_PORTS: `${rtp}-${rtp + 99}`,
  };
}

/** Starts the service and waits for its end: what it said, with which exit code, and that nothing of it lives on. */
async function startInVain(env: Record<string, string>): Promise<{ said: string; code: number | null }> {
  const home = env.HOTLINE_HOME ?? newHome();
  const running = await run({
    name: 'hotline',
    program: { command: process.execPath, args: [], env: { ...(await ports()), ...env, HOTLINE_HOME: home } },
    args: [join(repoDir, 'infra/cli.ts'), 'start'],
    cwd: repoDir,
  });
  cleanUps.push(() => running.stop(20_000));
  await until('the bad start to end', () => running.exit(), {
    withinMs: 90_000,
    everyMs: 50,
    seen: running.output,
  });
  const left = existsSync(join(home, 'run'))
    ? readdirSync(join(home, 'run')).filter((name) => name.endsWith('.pid') || name.endsWith('.json'))
    : [];
  if (home !== healthy.home) expect(left, 'processes noted as running').toEqual([]);
  expect(running.output()).not.toMatch(/^hotline ready/m);
  return { said: running.output(), code: running.exit()?.code ?? null };
}

test('a port is taken: which one, by whom, and which setting moves it', async () => {
  const taken = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
  cleanUps.push(() => new Promise((resolve) => taken.close(resolve)));
  const { said, code } = await startInVain({ HOTLINE_HTTP_PORT: String(port) });
  expect(code).toBe(1);
  expect(said).toContain(`tcp port ${port} of 127.0.0.1`);
  expect(said).toContain(String(process.pid));
  expect(said).toContain('HOTLINE_HTTP_PORT');
});

test('wrong settings: all of them named at once, each with what to write instead', async () => {
  const { said, code } = await startInVain({
    HOTLINE_SIP_PORT: 'fünf',
    HOTLINE_TRUNKS: '0.0.0.0/0',
    HOTLINE_TIME_ZONE: 'Mars/Olympus',
  });
  expect(code).toBe(1);
  for (const name of ['HOTLINE_SIP_PORT', 'HOTLINE_TRUNKS', 'HOTLINE_TIME_ZONE'])
    expect(said).toContain(name);
  expect(said).not.toContain('    at ');
});

test.each([
  ['is not there', null, 'is not there'],
  ['is not YAML', 'hotlines: [', 'centre.yaml'],
  ['lacks its sections', 'hotlines: {}\nqueues: {}\n', 'queueDefaults'],
])('the centre file %s: the file, the place and what is wrong', async (_, text, expected) => {
  const at = mkdtempSync(join(tmpdir(), 'hotline-centre-'));
  cleanUps.push(() => rmSync(at, { recursive: true, force: true }));
  const file = join(at, 'centre.yaml');
  if (text !== null) writeFileSync(file, text);
  const { said, code } = await startInVain({ HOTLINE_CENTRE: file });
  expect(code).toBe(1);
  expect(said).toContain(file);
  expect(said).toContain(expected);
});

test('credentials.json is damaged: it is named and left alone, and its content is not shown', async () => {
  const home = newHome();
  cpSync(join(healthy.home, 'secrets.json'), join(home, 'secrets.json'));
  const file = join(home, 'credentials.json');
  writeFileSync(file, '{"users": {"admin": "a-password-nobody-may-see"', { mode: 0o600 });
  const { said, code } = await startInVain({ HOTLINE_HOME: home });
  expect(code).toBe(1);
  expect(said).toContain(`${file}: damaged`);
  expect(said).not.toContain('a-password-nobody-may-see');
});

test('nothing listens at DATABASE_URL: where it looked and what to do', async () => {
  const port = await freePort();
  const { said, code } = await startInVain({
    DATABASE_URL: `postgres://someone:their-password@127.0.0.1:${port}/hotline`,
  });
  expect(code).toBe(1);
  expect(said).toContain(`DATABASE_URL: Postgres at 127.0.0.1:${port}/hotline`);
  expect(said).toContain('ECONNREFUSED');
  expect(said).not.toContain('their-password');
});

test('DATABASE_URL has a wrong password: the server says so, the password is not repeated', async () => {
  const url = new URL(healthy.credentials.postgres.url);
  url.password = 'their-wrong-password';
  const { said, code } = await startInVain({ DATABASE_URL: url.href });
  expect(code).toBe(1);
  expect(said).toContain(`DATABASE_URL: Postgres at ${url.host}${url.pathname}`);
  expect(said).toContain('password authentication failed');
  expect(said).not.toContain('their-wrong-password');
});

test('a second start in the same home: who has it; the first goes on', async () => {
  const { said, code } = await startInVain({ HOTLINE_HOME: healthy.home });
  expect(code).toBe(1);
  expect(said).toContain(`${healthy.home} is in use by`);
  expect(said).toContain(String(healthy.running.pid));
  expect((await fetch(`${healthy.url}/readyz`)).status).toBe(200);
});

test('the disk is full: where, how much is free and how much is needed', async ({ skip }) => {
  if (process.getuid?.() !== 0) skip('only root can mount a small disk');
  const disk = mkdtempSync(join(tmpdir(), 'hotline-disk-'));
  cleanUps.push(() => rmSync(disk, { recursive: true, force: true }));
  const mounted = await run({
    name: 'mount',
    program: { command: 'mount', args: [], env: {} },
    args: ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', disk],
  });
  // Containers often may not mount even as root.
  if ((await mounted.exited).code !== 0) skip('this machine does not let root mount a small disk');
  cleanUps.push(async () => {
    const unmount = { command: 'umount', args: [], env: {} };
    await (await run({ name: 'umount', program: unmount, args: [disk] })).exited;
  });
  const home = join(disk, 'home');
  mkdirSync(home);
  const { said, code } = await startInVain({ HOTLINE_HOME: home });
  expect(code).toBe(1);
  expect(said).toMatch(/HOTLINE_HOME: only \d+ MB are free where .* is, at least 200 MB are needed/);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { command, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { pause, until } from '../support/until.ts';
import { everythingAgrees } from './agreement.ts';
import { chaosSeed, patientRingSeconds, startSteadyTraffic } from './steady-traffic.ts';

/** Each answer of the server comes so late. */
const slowMs = 2_000;
/** The limit of an answer (services/adapters/http/options.ts), and what a busy test machine may add. */
const answerWithinMs = 10_000 + 5_000;
const agents = ['1003', '1004', '1005', '1006'];
let postgres: TestPostgres;
let wire: TcpProxy;
let directUrl: string;
let hotline: HotlineAtWork;

beforeAll(async () => {
  postgres = await startPostgres();
  directUrl = await postgres.createDatabase();
  wire = await startTcpProxy(postgres.port);
  hotline = await HotlineAtWork.start(
    { ringTimeoutSeconds: patientRingSeconds },
    { DATABASE_URL: directUrl.replace(`:${postgres.port}/`, `:${wire.port}/`) },
  );
});
afterAll(async () => {
  await hotline?.stop();
  await wire?.close();
  await postgres?.stop();
});

/** Signs in as a browser does; the answer's status and how long it took. */
async function signIn(): Promise<{ status: number; ms: number }> {
  const { url, credentials } = hotline.instance;
  const askedAt = performance.now();
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ user: 'lead', password: credentials.users.lead ?? '' }),
  });
  await response.arrayBuffer();
  return { status: response.status, ms: performance.now() - askedAt };
}

async function boardAnswers(): Promise<void> {
  const askedAt = performance.now();
  expect((await hotline.live()).agents.length).toBeGreaterThan(0);
  expect(performance.now() - askedAt, 'the board is slow').toBeLessThan(5_000);
}

test('Postgres is slow, is cut off, and takes no connections, under traffic: nothing a caller notices, and every record in the end', async () => {
  const traffic = await startSteadyTraffic(hotline, {
    seed: chaosSeed(),
    agents,
    calls: 45,
    callsPerSecond: 1,
  });
  await until('agents to be busy', () => traffic.talks() >= 3, { withinMs: 30_000 });

  // A sign-in does not wait for a new connection, which takes several answers: some stand, as at work. Unused ones are closed after a minute.
  await Promise.all(Array.from({ length: 5 }, () => hotline.lead.send('GET', 'calls')));
  wire.delay(() => slowMs, 'to-caller');
  const slowFrom = traffic.talks();
  const slow = await signIn();
  console.info(
    `sign-in with a database that is ${slowMs} ms late: ${slow.status} after ${Math.round(slow.ms)} ms`,
  );
  expect(slow.status).toBe(200);
  expect(slow.ms).toBeLessThan(answerWithinMs);
  for (let looks = 0; looks < 5; looks += 1) {
    await boardAnswers();
    await pause(1_000);
  }
  await until('callers to be served meanwhile', () => traffic.talks() >= slowFrom + 3, { withinMs: 30_000 });

  wire.cut();
  const refused = await signIn();
  expect(refused.status).toBe(503);
  expect(refused.ms).toBeLessThan(answerWithinMs);
  await boardAnswers();
  wire.restore();

  await takesConnections(false);
  for (let looks = 0; looks < 3; looks += 1) {
    await boardAnswers();
    await pause(1_000);
  }
  await takesConnections(true);

  const outcomes = await traffic.over();
  await everythingAgrees(hotline, outcomes, agents);
  expect(await hotline.instance.query('select call_id from call_record where degraded')).toEqual([]);
}, 400_000);

/** Whether the server takes connections to our database; told through another one. */
async function takesConnections(yes: boolean): Promise<void> {
  const database = new URL(directUrl).pathname.slice(1);
  const admin = directUrl.replace(`/${database}`, '/postgres');
  await command(admin, `alter database ${database} allow_connections ${yes}`);
  if (!yes)
    await command(
      admin,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`,
    );
}

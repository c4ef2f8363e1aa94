import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { demoCustomersAreThere } from '../support/demo-customers.ts';
import { holdPostgres } from '../support/hold-postgres.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { flowsFolder } from '../support/read-flows.ts';
import { until } from '../support/until.ts';

/** Callers whose way hangs on what a data source says: the demo data in Postgres, and a service of the operator's own. */
let hotline: HotlineAtWork;
let service: Server;
let folder: string;
let letPostgresGoOn: () => void = () => undefined;
const tokens = new Set<string | undefined>();

const lookupsFile = join(import.meta.dirname, '../../dialplans/lookups.yaml');
/** As long as a lookup may be given: the service of these tests lives in their own process, which may stand still for a while. */
const lookupMs = 5_000;
/** From the time-out, by which a source that hangs is given up, to the next node, on a busy machine. */
const leewayMs = 2_500;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hotline-lookups-'));
  service = createServer(answer);
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const address = service.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const demo = parse(readFileSync(lookupsFile, 'utf8')) as {
    sources: object;
    lookups: Record<string, object>;
  };
  const timeoutSeconds = lookupMs / 1000;
  const file = join(folder, 'lookups.yaml');
  writeFileSync(
    file,
    stringify({
      sources: { ...demo.sources, crm: { kind: 'http', address: `http://127.0.0.1:${port}/api` } },
      lookups: {
        ...demo.lookups,
        'account-of-caller': { ...demo.lookups['account-of-caller'], timeoutSeconds },
        'customer-tier': {
          source: 'crm',
          parameters: ['caller'],
          path: '/customers/{caller}',
          results: { tier: ['gold', 'silver'] },
          timeoutSeconds,
        },
      },
    }),
  );
  hotline = await HotlineAtWork.start({}, { HOTLINE_FLOWS: flowsFolder('lookups'), HOTLINE_LOOKUPS: file });
  await demoCustomersAreThere(hotline.instance);
});
afterEach(() => letPostgresGoOn());
afterAll(async () => {
  await hotline?.stop();
  service?.closeAllConnections();
  service?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Each caller meets another service. */
const callers = {
  gold: '13900000001',
  silver: '13900000002',
  unknown: '13900000003',
  hangs: '13900000004',
  refuses: '13900000005',
  rubbish: '13900000006',
  wrong: '13900000007',
  redirects: '13900000008',
};

function answer(request: IncomingMessage, response: ServerResponse): void {
  tokens.add(request.headers.authorization);
  switch (request.url?.replace('/api/customers/', '')) {
    case callers.gold:
      return void response.end('{"tier":"gold","other":"is not asked for"}');
    case callers.silver:
      return void response.end('{"tier":"silver"}');
    case callers.hangs:
      return;
    case callers.refuses:
      return void request.socket.destroy();
    case callers.rubbish:
      return void response.end('<html>Welcome</html>');
    case callers.wrong:
      return void response.end('{"tier":{"gold":true}}');
    case callers.redirects:
      return void response.writeHead(302, { location: `/api/customers/${callers.gold}` }).end();
    default:
      return void response.writeHead(404).end();
  }
}

/** `nodes`: the way to where it hears what became of the lookup. Who was led on first may have heard that out before the others were. */
type Story = { nodes: string[]; lookup: string; because: string; tookMs: number; toNextNodeMs: number };

/** Nobody waits for a lookup any more: every call is at a node where it hears what became of it, or has heard it out and is over. */
const allAreLedOn = (calls: Calls) =>
  until(
    'all callers to be led on',
    async () => {
      const at = (await hotline.live()).calls.map(({ node }) => node);
      const there = calls.filter(({ over }) => !over).length;
      return (
        at.length === there && at.every((node) => node !== null && !['whose', 'what', 'which'].includes(node))
      );
    },
    { withinMs: 30_000, everyMs: 30 },
  );

async function dial(to: string, numbers: readonly string[]) {
  const calls = await Promise.all(numbers.map((from) => hotline.phones.dial(to, { from })));
  await Promise.all(calls.map((call) => call.answered(15_000)));
  return calls;
}
type Calls = Awaited<ReturnType<typeof dial>>;

/** They hang up, and their stories are read. Postgres must be there. */
async function storiesOf(calls: Calls): Promise<Story[]> {
  for (const call of calls) call.hangUp();
  await Promise.all(calls.map((call) => call.ended()));
  return Promise.all(calls.map(({ sipCallId }) => storyOf(sipCallId)));
}

async function storyOf(sipCallId: string): Promise<Story> {
  const { record } = await hotline.ledger.historyOf(sipCallId, 30_000);
  const events = await hotline.instance.query<{ type: string; at: Date; payload: Record<string, unknown> }>(
    'select type, at, payload from call_event where call_id = $1 order by seq',
    [record.call_id],
  );
  const entered = events.filter(({ type }) => type === 'FlowNodeEntered');
  const ended = events.find(({ type }) => type === 'LookupEnded');
  const asked = events.find(({ type }) => type === 'LookupRequested');
  return {
    nodes: entered.map(({ payload }) => String(payload.node)).filter((node) => node !== 'bye'),
    lookup: String(ended?.payload.result),
    because: String(ended?.payload.because),
    tookMs: Number(ended?.payload.tookMs),
    toNextNodeMs: (entered[1]?.at.getTime() ?? Number.NaN) - (asked?.at.getTime() ?? Number.NaN),
  };
}

async function tell(to: string, numbers: readonly string[]): Promise<Story[]> {
  const calls = await dial(to, numbers);
  await allAreLedOn(calls);
  return storiesOf(calls);
}

test('lookups act as a role that sees what they are for, and nothing else', async () => {
  const rights = await hotline.instance.query(
    `select pg_has_role('hotline', 'hotline_lookup', 'member') as taken,
            has_schema_privilege('hotline_lookup', 'service', 'usage') as service,
            has_schema_privilege('hotline_lookup', 'hotline', 'usage') as others`,
  );
  expect(rights).toEqual([{ taken: true, service: true, others: false }]);
});

test('what Postgres knows of the caller decides the way, and so does what it does not know', async () => {
  const [known, stranger, two] = await tell('95598', ['13800000001', '13911112222', '13800000009']);
  expect(known).toMatchObject({ nodes: ['whose', 'known'], lookup: 'found' });
  expect(stranger).toMatchObject({ nodes: ['whose', 'unknown'], lookup: 'not-found' });
  expect(two).toMatchObject({ nodes: ['whose', 'unknown'], lookup: 'not-found' });
}, 60_000);

test('a service that answers, hangs, refuses, or talks rubbish: every caller is led on, in time', async () => {
  const names = Object.keys(callers) as (keyof typeof callers)[];
  const told = await tell(
    '10050',
    names.map((name) => callers[name]),
  );
  const of = (name: keyof typeof callers): Story => told[names.indexOf(name)] as Story;
  const way = (name: keyof typeof callers) => of(name).nodes;
  expect(way('gold')).toEqual(['what', 'which', 'gold']);
  expect(way('silver')).toEqual(['what', 'which', 'unknown']);
  expect(way('unknown')).toEqual(['what', 'unknown']);
  for (const name of ['hangs', 'refuses', 'rubbish', 'wrong', 'redirects'] as const)
    expect(way(name), name).toEqual(['what', 'away']);
  expect(of('unknown').lookup).toBe('not-found');
  expect(of('hangs').lookup).toBe('timed-out');
  expect(of('hangs').tookMs).toBeGreaterThanOrEqual(lookupMs - 10);
  for (const name of ['refuses', 'rubbish', 'wrong', 'redirects'] as const)
    expect(of(name).lookup, name).toBe('failed');
  for (const name of names) expect(of(name).toNextNodeMs, name).toBeLessThan(lookupMs + leewayMs);
  expect([...tokens]).toEqual([undefined]);
}, 60_000);

test('Postgres stands still: callers are led on when the lookup has had its time, and at once when it is known', async () => {
  letPostgresGoOn = holdPostgres(hotline.instance);
  const first = await dial(
    '95598',
    [1, 2, 3, 4, 5].map((i) => `1380000000${i}`),
  );
  await allAreLedOn(first);
  const afterwards = await dial('95598', ['13800000001']);
  await allAreLedOn([...first, ...afterwards]);
  letPostgresGoOn();
  for (const story of await storiesOf(first)) {
    expect(story).toMatchObject({ nodes: ['whose', 'away'], lookup: 'timed-out' });
    expect(story.toNextNodeMs).toBeLessThan(lookupMs + leewayMs);
  }
  const [story] = await storiesOf(afterwards);
  // Not asked for a while: nobody has to wait for what will not come.
  expect(story).toMatchObject({
    nodes: ['whose', 'away'],
    lookup: 'failed',
    because: 'service did not answer lately and is not asked now',
  });
  await until(
    'the account to be found again',
    async () => (await tell('95598', ['13800000001']))[0]?.lookup === 'found',
    { withinMs: 45_000, everyMs: 500 },
  );
}, 120_000);

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { liveSnapshotSchema } from '../../../services/adapters/http/contract/index.ts';
import { type AgentId, asId } from '../../../services/events/ids.ts';
import { liveCall, noon } from '../../support/http-fakes.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

describe('the live snapshot', () => {
  test('fits its schema and carries KPIs per queue and overall', async () => {
    const res = await http.get('/api/v1/live', { cookie: await http.signIn('lead') });
    const live = liveSnapshotSchema.parse(await res.json());
    const level = live.queues[0]?.kpis.find((one) => one.kpi === 'service_level');
    expect(level).toMatchObject({
      definition: 'T=15s, short<5s',
      unit: 'ratio',
      numerator: 6,
      denominator: 10,
    });
    expect(live.overall.kpis.find((one) => one.kpi === 'service_level')?.value).toBe(0.6);
    expect(live.overall.agents.available).toBe(2);
    expect(live.parts).toEqual({
      ready: true,
      telephony: 'up',
      postgres: 'up',
      journalBacklogEvents: 0,
      journal: 'up',
    });
    expect(res.headers.get('cache-control')).toBe('no-store');
  });

  test.each(['1001', 'lead', 'admin'] as const)('numbers are masked for %s', async (user) => {
    const res = await http.get('/api/v1/live', { cookie: await http.signIn(user) });
    const text = await res.text();
    expect(text).not.toContain('13812341234');
    expect(JSON.parse(text)).toMatchObject({
      numbers: 'masked',
      calls: [{ callerNumber: '138****1234', dialledNumber: '95598' }],
    });
  });

  test("the caller's number is masked in what an agent wrote as the reason, too", async () => {
    const call = {
      ...liveCall('13812341234'),
      passing: {
        by: asId<AgentId>('1001'),
        to: { kind: 'outside' as const, number: '13900139000' },
        reason: 'ring 13812341234 back',
        comesBack: false,
      },
    };
    http.state.calls = [call];
    const text = await (await http.get('/api/v1/live', { cookie: await http.signIn('lead') })).text();
    expect(text).not.toMatch(/13812341234|13900139000/);
    expect(text).toContain('ring 138****1234 back');
  });

  test('a lead sees whole numbers with a reason, and that is on record', async () => {
    const cookie = await http.signIn('lead');
    const res = await http.get('/api/v1/live?reveal=numbers&reason=complaint+4711', { cookie });
    expect(await res.json()).toMatchObject({ numbers: 'whole', calls: [{ callerNumber: '13812341234' }] });
    expect(http.people.audited).toEqual([
      {
        at: noon,
        user: 'lead',
        role: 'lead',
        action: 'reveal-numbers',
        resource: 'live',
        reason: 'complaint 4711',
        address: '127.0.0.1',
      },
    ]);
  });

  test('no reason, no numbers; agents never; and nothing is shown that is not on record', async () => {
    const lead = await http.signIn('lead');
    expect((await http.get('/api/v1/live?reveal=numbers', { cookie: lead })).status).toBe(400);
    expect((await http.get('/api/v1/live?reveal=all&reason=because', { cookie: lead })).status).toBe(400);
    const agent = await http.signIn('1001');
    const refused = await http.get('/api/v1/live?reveal=numbers&reason=because', { cookie: agent });
    expect(await problemOf(refused)).toMatchObject({ status: 403, code: 'not-allowed' });
    http.people.state.mode = 'away';
    const unrecorded = await http.get('/api/v1/live?reveal=numbers&reason=because', { cookie: lead });
    expect(unrecorded.status).toBe(503);
    expect(await unrecorded.text()).not.toContain('13812341234');
  });
});

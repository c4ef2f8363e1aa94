import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callDetailSchema, callsPageSchema } from '../../../services/adapters/http/contract/index.ts';
import type { HotlineEvent } from '../../../services/events/events.ts';
import { asId } from '../../../services/events/ids.ts';
import { instant } from '../../../services/events/instant.ts';
import { callRecord, noon } from '../../support/http-fakes.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

describe('calls', () => {
  beforeEach(() => {
    http.people.state.calls = [5, 4, 3, 2, 1].map((n) =>
      callRecord(`n1-${n}.${n}`, '1001', instant(noon + n)),
    );
    const event = { eventId: asId('e1'), seq: 1, at: noon } as const;
    const detail = (callId: string, agent: string) => ({
      call: callRecord(callId, agent),
      timeline: [
        {
          ...event,
          type: 'CallArrived' as const,
          callId: asId(callId),
          legId: asId(callId),
          nodeId: asId('n1'),
          source: 'trunk' as const,
          callerNumber: '13812341234',
          dialledNumber: '95598',
          hotline: asId('95598'),
          sipCallId: 'x',
          agent: null,
        },
        {
          ...event,
          type: 'OrderFailed' as const,
          callId: asId(callId),
          order: 'ring-agent',
          target: 'PJSIP/13812341234',
          reason: 'gone',
        },
      ] as HotlineEvent[],
    });
    http.people.state.details.set('n1-1.1', detail('n1-1.1', '1001'));
    http.people.state.details.set('n1-2.2', detail('n1-2.2', '1002'));
  });

  test('come page by page, masked', async () => {
    const cookie = await http.signIn('lead');
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const res = await http.get(`/api/v1/calls?limit=2${more}`, { cookie });
      const page = callsPageSchema.parse(await res.json());
      expect(page.calls.every((call) => call.callerNumber === '138****1234')).toBe(true);
      seen.push(...page.calls.map((call) => call.callId));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['n1-5.5', 'n1-4.4', 'n1-3.3', 'n1-2.2', 'n1-1.1']);
    expect(http.people.queries[1]?.after).toEqual({ startedAt: noon + 4, callId: 'n1-4.4' });
  });

  test('all filters reach the store', async () => {
    const query = new URLSearchParams({
      from: '2026-05-01T08:00:00+08:00',
      to: String(noon),
      number: '138 1234-1234',
      agent: '1001',
      queue: 'power-service',
      hotline: '95598',
      outcome: 'answered',
      order: 'oldest-first',
    });
    await http.get(`/api/v1/calls?${query}`, { cookie: await http.signIn('lead') });
    expect(http.people.queries).toEqual([
      {
        from: Date.parse('2026-05-01T00:00:00Z'),
        to: noon,
        number: '13812341234',
        agent: '1001',
        queue: 'power-service',
        hotline: '95598',
        outcome: 'answered',
        order: 'oldest-first',
        after: null,
        limit: 51,
      },
    ]);
  });

  test('an agent gets own calls only', async () => {
    const cookie = await http.signIn('1001');
    await http.get('/api/v1/calls', { cookie });
    expect(http.people.queries[0]?.agent).toBe('1001');
    expect((await http.get('/api/v1/calls?agent=1002', { cookie })).status).toBe(403);
    expect((await http.get('/api/v1/calls/n1-1.1', { cookie })).status).toBe(200);
    expect(await problemOf(await http.get('/api/v1/calls/n1-2.2', { cookie }))).toMatchObject({
      status: 404,
      code: 'unknown-call',
    });
  });

  test('one call comes with its timeline, masked throughout', async () => {
    const res = await http.get('/api/v1/calls/n1-2.2', { cookie: await http.signIn('lead') });
    const text = await res.text();
    expect(text).not.toContain('13812341234');
    const detail = callDetailSchema.parse(JSON.parse(text));
    expect(detail.timeline[0]).toMatchObject({ type: 'CallArrived', callerNumber: '138****1234' });
    expect(detail.timeline[1]).toMatchObject({ target: 'PJSIP/138****1234' });
  });

  test('revealing one call is on record with its id', async () => {
    const cookie = await http.signIn('admin');
    const res = await http.get('/api/v1/calls/n1-2.2?reveal=numbers&reason=police+request', { cookie });
    expect(await res.json()).toMatchObject({ numbers: 'whole', call: { callerNumber: '13812341234' } });
    expect(http.people.audited).toMatchObject([{ resource: 'calls/n1-2.2', user: 'admin' }]);
  });

  test.each([
    'limit=0',
    'limit=201',
    'limit=x',
    'outcome=great',
    'from=yesterday',
    'number=%2B86*',
    'cursor=AAAA',
    'agent=a&agent=b',
    'colour=red',
    'from=2026-13-01T00:00:00Z',
    'number=138%25',
  ])('the query %s is refused', async (query) => {
    const res = await http.get(`/api/v1/calls?${query}`, { cookie: await http.signIn('lead') });
    const problem = await problemOf(res);
    expect(problem).toMatchObject({ status: 400, code: 'invalid-query' });
    expect(problem.errors?.length).toBeGreaterThan(0);
  });

  test('a database that hangs is not waited for without end', async () => {
    const quick = await startHttp({ limits: { answerMs: 30 } });
    try {
      const cookie = await quick.signIn('lead');
      quick.people.state.mode = 'hang';
      expect(await problemOf(await quick.get('/api/v1/calls', { cookie }))).toMatchObject({
        code: 'store-unavailable',
      });
    } finally {
      await quick.stop();
    }
  });
});

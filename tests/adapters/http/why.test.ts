import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callWhySchema } from '../../../services/adapters/http/contract/index.ts';
import { emptyLedger, foldLedger } from '../../../services/cdr/ledger.ts';
import { asId, type CallId } from '../../../services/events/ids.ts';
import { callRecord } from '../../support/http-fakes.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';
import { simulateHotline } from '../../support/simulated-hotline.ts';

/** The store holds one call: 1001 let it ring, 1002 answered after half a minute without anybody. */
let http: HttpUnderTest;
let callId: CallId;
beforeEach(async () => {
  http = await startHttp();
  const hotline = simulateHotline();
  const leg = hotline.callForAPerson('13812341234');
  hotline.pass(30_000);
  hotline.signIn('1001', { silent: true });
  hotline.until(() => hotline.agent('1001') === 'not-ready', 'missed');
  hotline.signIn('1002', { answerAfterMs: 1_000, hangUpAfterMs: 5_000 });
  hotline.untilEnded(leg);
  callId = asId<CallId>(leg);
  const timeline = hotline.events.filter((one) => 'callId' in one && one.callId === callId);
  http.people.state.details.set(callId, { call: callRecord(callId, '1002'), timeline });
  const ledger = foldLedger(emptyLedger(), hotline.events);
  http.people.state.agentStates = [...ledger.closedIntervals, ...ledger.openIntervals.values()];
});
afterEach(() => http.stop());

const whyPath = () => `/api/v1/calls/${callId}/why`;

describe('why a call went as it did', () => {
  test('each span of the wait, each agent, and the end; no number stands in it', async () => {
    const res = await http.get(whyPath(), { cookie: await http.signIn('lead') });
    const text = await res.text();
    expect(text).not.toContain('13812341234');
    const { waits, rings, ending } = callWhySchema.parse(JSON.parse(text));
    expect(waits).toHaveLength(1);
    expect(waits[0]?.spans).toMatchObject([
      { code: 'nobody-at-work', staff: { 'signed-out': 2 } },
      { code: 'rung', agents: ['1001'], result: 'no-answer' },
      { code: 'rung', agents: ['1002'], result: 'answered' },
    ]);
    expect(rings.map(({ agent, because }) => [agent, because])).toEqual([
      ['1001', 'longest idle of 1'],
      ['1002', 'longest idle of 1'],
    ]);
    expect(ending).toMatchObject({ code: 'agent-hung-up', agent: '1002' });
  });

  test('too many states of agents to look through: the spans say only that no phone rang', async () => {
    http.people.state.agentStates = null;
    const res = await http.get(whyPath(), { cookie: await http.signIn('lead') });
    const { waits, rings } = callWhySchema.parse(await res.json());
    expect(waits[0]?.spans.map(({ code }) => code)).toEqual(['not-rung', 'rung', 'rung']);
    expect(rings[0]?.alsoFree).toBeNull();
  });

  test('agents ask about calls of their own only', async () => {
    const cookie = await http.signIn('1001');
    expect((await http.get(whyPath(), { cookie })).status).toBe(200);
    const timeline = http.people.state.details
      .get(callId)
      ?.timeline.filter((one) => !('agent' in one) || one.agent !== '1001');
    http.people.state.details.set('other', { call: callRecord('other', '1002'), timeline: timeline ?? [] });
    for (const id of ['other', 'n1-9.9'])
      expect(await problemOf(await http.get(`/api/v1/calls/${id}/why`, { cookie }))).toMatchObject({
        status: 404,
        code: 'unknown-call',
      });
  });

  test('a database that is away is told of', async () => {
    const cookie = await http.signIn('lead');
    http.people.state.mode = 'away';
    expect(await problemOf(await http.get(whyPath(), { cookie }))).toMatchObject({
      status: 503,
      code: 'store-unavailable',
    });
  });
});

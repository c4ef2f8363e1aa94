import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callWhySchema } from '../../../services/adapters/http/contract/index.ts';
import { emptyLedger, foldLedger } from '../../../services/cdr/ledger.ts';
import { asId, type CallId, type LegId } from '../../../services/events/ids.ts';
import { colleague, controlledCall, outside, outsideNumber } from '../../support/controlled-call.ts';
import { callRecord } from '../../support/http-fakes.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';
import { demoCentre, type SimulatedHotline, simulateHotline } from '../../support/simulated-hotline.ts';

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
  storeCall(hotline, callId, '1002');
});
afterEach(() => http.stop());

function storeCall(hotline: SimulatedHotline, id: CallId, agent: string): void {
  const timeline = hotline.events.filter((one) => 'callId' in one && one.callId === id);
  const { callerNumber } = hotline.of(asId<LegId>(id), 'CallArrived')[0] ?? {};
  const call = { ...callRecord(id, agent), ...(callerNumber !== undefined && { callerNumber }) };
  http.people.state.details.set(id, { call, timeline });
  const ledger = foldLedger(emptyLedger(), hotline.events);
  http.people.state.agentStates = [...ledger.closedIntervals, ...ledger.openIntervals.values()];
}

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

  test.each([
    ['as they were then', demoCentre.fingerprint, 'unchanged'],
    ['others now', 'of another day', 'changed'],
    ['not known', undefined, 'unknown'],
  ] as const)(
    'queues and agents are %s: the answer says so, as it counts by those of now',
    async (_, fingerprint, said) => {
      Object.assign(http.application.centre, { fingerprint });
      const res = await http.get(whyPath(), { cookie: await http.signIn('lead') });
      const { waits } = callWhySchema.parse(await res.json());
      expect(waits.map(({ centreSince }) => centreSince)).toEqual([said]);
    },
  );

  test.each([
    ["the caller's own", '13800138000 asked for her', '138****8000 asked for her'],
    ['the same with the country before it', 'is +8613800138000 known?', 'is +86138****8000 known?'],
    ['one that was called in this call', `spoke with ${outsideNumber}`, 'spoke with 139****9000'],
    ["the hotline's, which everybody knows, stays", 'dialled 95598', 'dialled 95598'],
  ])('a number in a reason that an agent gave is masked: %s', async (_, reason, shown) => {
    const { hotline, caller, does } = controlledCall();
    hotline.telephony.outside(outsideNumber, { answerAfterMs: 1_000 });
    await does({ kind: 'consult', to: outside(), reason: 'meter' });
    hotline.pass(3_000);
    await does({ kind: 'end-consult' });
    await does({ kind: 'consult', to: colleague(), reason });
    callId = asId<CallId>(caller);
    storeCall(hotline, callId, '1001');
    const res = await http.get(whyPath(), { cookie: await http.signIn('lead') });
    const { rings } = callWhySchema.parse(await res.json());
    expect(rings.at(-1)?.because).toBe(`asked for advice by 1001: ${shown}`);
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

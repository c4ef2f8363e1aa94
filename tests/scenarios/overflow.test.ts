import { describe, expect, test } from 'vitest';
import { asId, type FlowId, type LegId, type NodeName, type QueueId } from '../../services/events/ids.ts';
import type { Flow } from '../../services/ivr/flow.ts';
import type { FlowOutTarget, OverflowStep } from '../../services/routing/serving-plan.ts';
import { smallFlows } from '../support/read-flows.ts';
import { servedCentre } from '../support/served-centre.ts';
import { type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';
import { need, widen } from '../support/small-router.ts';

const leave = (afterSeconds: number, to: FlowOutTarget, fromWaiting: number | null = null): OverflowStep => ({
  afterMs: afterSeconds * 1_000,
  fromWaiting,
  does: { kind: 'leave', to },
});
const telecom = { kind: 'queue', queue: asId<QueueId>('telecom-service') } as const;
const quick = { answerAfterMs: 500, hangUpAfterMs: 5_000 };
const rung = (hotline: SimulatedHotline, leg: LegId) =>
  hotline.of(leg, 'AgentRingRequested').map(({ agent, because }) => `${agent}: ${because}`);
const steps = (hotline: SimulatedHotline, leg: LegId) =>
  hotline.of(leg, 'VisitStepReached').map(({ queue, because }) => `${queue}: ${because}`);

/** The small flow, whose queue node names where callers go whom the queue sends away. */
function flowsThatName(exits: Record<string, string>): ReadonlyMap<FlowId, Flow> {
  const id = asId<FlowId>('95598');
  const flow = smallFlows.get(id);
  const person = flow?.nodes.get(asId<NodeName>('person'));
  if (!flow || person?.kind !== 'enqueue') throw new Error('the small flow has no such node');
  const onOverflow = new Map(Object.entries(exits).map(([exit, node]) => [exit, asId<NodeName>(node)]));
  const nodes = new Map(flow.nodes).set(asId<NodeName>('person'), { ...person, onOverflow } as never);
  return new Map(smallFlows).set(id, { ...flow, nodes });
}

describe('an overflow that widens who may serve', () => {
  test('to a lower level, then to agents of another queue; each step is told, and heeded from its moment on', () => {
    const hotline = simulateHotline({
      centre: servedCentre(
        {
          'power-service': {
            needs: [need('billing', 4)],
            overflow: [
              widen(20, { needs: [need('billing', 2)] }),
              widen(40, { alsoQueues: [asId('telecom-service')] }),
            ],
          },
        },
        { '1001': { skills: { billing: 2 } }, '1002': { queues: ['telecom-service'] } },
      ),
    });
    const low = hotline.signIn('1001', quick);
    hotline.signIn('1002', quick);
    const first = hotline.callForAPerson('13800000001');
    hotline.pass(15_000);
    expect(rung(hotline, first)).toEqual([]);
    hotline.until(() => rung(hotline, first).length > 0, 'the first step');
    expect(rung(hotline, first)).toEqual([
      '1001: longest idle of 1 with billing≥2; overflow step 1 after 20 s',
    ]);
    low.vanishes();
    const second = hotline.callForAPerson('13800000002');
    hotline.untilEnded(second);
    expect(steps(hotline, second)).toEqual([
      'power-service: overflow step 1 after 20 s',
      'power-service: overflow step 2 after 40 s',
    ]);
    expect(rung(hotline, second)[0]).toMatch(/^100[12]: longest idle of [12]; overflow step 2 after 40 s$/);
  });

  test('begins at once for who finds many waiting', () => {
    const hotline = simulateHotline({
      centre: servedCentre(
        { 'power-service': { overflow: [widen(300, { alsoQueues: [asId('telecom-service')] }, 2)] } },
        { '1002': { queues: ['telecom-service'] } },
      ),
    });
    hotline.signIn('1002', quick);
    const [one, two] = [hotline.callForAPerson('13800000001'), hotline.callForAPerson('13800000002')];
    expect([rung(hotline, one), rung(hotline, two)]).toEqual([[], []]);
    const third = hotline.callForAPerson('13800000003');
    hotline.pass(100);
    expect(rung(hotline, third)).toEqual(['1002: longest idle of 1; overflow step 1 with 2 waiting']);
  });

  test('comes when it is due though the controller was dead then', () => {
    const hotline = simulateHotline({
      centre: servedCentre(
        { 'power-service': { overflow: [widen(20, { reserve: true })] } },
        { '1001': { reserve: true } },
      ),
    });
    hotline.signIn('1001', quick);
    const leg = hotline.callForAPerson();
    hotline.pass(10_000);
    hotline.killController();
    hotline.pass(3_000);
    hotline.startController();
    hotline.untilEnded(leg);
    const [reached] = hotline.of(leg, 'VisitStepReached');
    const [queued] = hotline.of(leg, 'CallQueued');
    expect((reached?.at ?? 0) - (queued?.at ?? 0)).toBeLessThan(21_000);
    expect(hotline.record(leg).outcome).toBe('answered');
  });
});

describe('an overflow by which the caller leaves', () => {
  const sentTo = (to: FlowOutTarget, flows = smallFlows, more: Parameters<typeof servedCentre>[0] = {}) =>
    simulateHotline({
      flows,
      centre: servedCentre(
        { 'power-service': { overflow: [leave(30, to)] }, ...more },
        { '1002': { queues: ['telecom-service'] } },
      ),
    });

  test('to another queue: a new visit there, with the old place in line, and music all the while', () => {
    const hotline = sentTo(telecom);
    const leg = hotline.callForAPerson();
    hotline.pass(29_000);
    const later = hotline.call('10050', '13800000009');
    hotline.until(() => hotline.of(leg, 'CallQueued').length === 2, 'sent on');
    expect(hotline.telephony.hears(leg).music).toBe(true);
    hotline.signIn('1002', quick);
    hotline.untilEnded(leg);
    expect(hotline.visits(leg)).toMatchObject([
      { queue: 'power-service', outcome: 'flow_out', flowOutReason: 'overflow' },
      { queue: 'telecom-service', outcome: 'answered', agent: '1002' },
    ]);
    expect(steps(hotline, leg)).toEqual(['power-service: overflow step 1 after 30 s; on to telecom-service']);
    expect(hotline.of(leg, 'CallQueued')[1]).toMatchObject({ because: 'overflow of power-service' });
    expect(hotline.record(leg)).toMatchObject({ outcome: 'answered', agent: '1002' });
    expect(later).not.toBe(leg);
  });

  test('not to a queue without room: then the caller stays, and the step says so', () => {
    const hotline = sentTo(telecom, smallFlows, { 'telecom-service': { maxWaiting: 0 } });
    const leg = hotline.callForAPerson();
    hotline.pass(40_000);
    expect(steps(hotline, leg)).toEqual([
      'power-service: overflow step 1 after 30 s; telecom-service is full',
    ]);
    expect(hotline.stage(leg)).toBe('waiting');
  });

  test.each([
    ['voicemail', 'service-info'],
    ['message', 'service-info'],
    ['callback', 'service-info'],
  ] as const)('to %s: the flow goes on where its queue node says', (kind, node) => {
    const hotline = sentTo({ kind }, flowsThatName({ [kind]: node }));
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'VisitEnded').length > 0, 'sent on');
    expect(hotline.visits(leg)).toMatchObject([{ outcome: 'flow_out', flowOutReason: 'overflow' }]);
    expect(hotline.of(leg, 'FlowNodeEntered').at(-1)?.node).toBe(node);
    expect(steps(hotline, leg)).toEqual([`power-service: overflow step 1 after 30 s; on to ${kind}`]);
  });

  test('to what the flow does not name: as after the longest wait', () => {
    const hotline = sentTo({ kind: 'voicemail' });
    const leg = hotline.callForAPerson();
    hotline.untilEnded(leg);
    expect(hotline.of(leg, 'FlowNodeEntered').map(({ node }) => node)).toContain('sorry');
  });

  test('not while an agent is about to answer', () => {
    const hotline = simulateHotline({
      centre: servedCentre({ 'power-service': { overflow: [leave(30, telecom)] } }, { '1001': {} }),
    });
    hotline.signIn('1001', { answerAfterMs: 8_000, hangUpAfterMs: 5_000 });
    hotline.setAgent('1001', { kind: 'not-ready', reason: 'break' });
    const leg = hotline.callForAPerson();
    hotline.pass(26_000);
    hotline.setAgent('1001', { kind: 'ready' });
    hotline.untilEnded(leg);
    expect(hotline.visits(leg)).toMatchObject([{ outcome: 'answered', agent: '1001' }]);
  });

  test('at once, for who finds many waiting', () => {
    const hotline = simulateHotline({
      centre: servedCentre({ 'power-service': { overflow: [leave(300, telecom, 1)] } }, {}),
    });
    hotline.callForAPerson('13800000001');
    const second = hotline.callForAPerson('13800000002');
    hotline.pass(5_000);
    expect(hotline.visits(second)).toMatchObject([
      { queue: 'power-service', flowOutReason: 'overflow', waitMs: 0 },
      { queue: 'telecom-service', outcome: null },
    ]);
    expect(hotline.telephony.hears(second).music).toBe(true);
  });
});

describe('who cannot join', () => {
  test('a full queue gives what it says, where the flow names it', () => {
    const hotline = simulateHotline({
      flows: flowsThatName({ message: 'service-info' }),
      centre: servedCentre({ 'power-service': { maxWaiting: 1, whenFull: 'message' } }, {}),
    });
    hotline.callForAPerson('13800000001');
    const leg = hotline.callForAPerson('13800000002');
    expect(hotline.visits(leg)).toMatchObject([{ flowOutReason: 'queue-full', waitMs: 0 }]);
    expect(hotline.of(leg, 'FlowNodeEntered').at(-1)?.node).toBe('service-info');
  });

  test('outside the opening hours nobody joins; who waits already is served', () => {
    // 09:00 on a Monday; the desk closes in the afternoon.
    const hotline = simulateHotline({
      centre: servedCentre(
        { 'power-service': { hours: 'business-desk', maxWaitMs: 86_400_000 } },
        { '1001': {} },
      ),
    });
    const early = hotline.callForAPerson('13800000001');
    hotline.pass(100);
    expect(hotline.stage(early)).toBe('waiting');
    hotline.pass(12 * 3_600_000 - 60_000);
    const late = hotline.callForAPerson('13800000002');
    expect(hotline.visits(late)).toMatchObject([{ outcome: 'flow_out', flowOutReason: 'closed', waitMs: 0 }]);
  });
});

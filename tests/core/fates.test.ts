import { expect, test } from 'vitest';
import type { LegFate } from '../../services/calls/telephony.ts';
import type { EventBody } from '../../services/events/events.ts';
import { asId, type LegId, type NodeId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { given, past } from '../support/decider.ts';

const ids = { callId: asId<never>('n1-1.1'), legId: asId<never>('n1-1.1') };
const visit = {
  visitId: asId<never>('v1'),
  queue: asId<never>('power-service'),
  hotline: asId<never>('95598'),
};
const agentLeg = asId<never>('leg-a');
const arrived = past(1, {
  type: 'CallArrived',
  ...ids,
  nodeId: asId('n1'),
  source: 'trunk',
  callerNumber: '13800138000',
  dialledNumber: '95598',
  hotline: visit.hotline,
  sipCallId: 'sip-1',
  agent: null,
});
const queued = past(10, {
  type: 'CallQueued',
  ...ids,
  ...visit,
  priority: 0,
  position: 1,
  waitUntil: instant(610_000),
  because: 'test',
});
const talking = [
  past(12, {
    type: 'AgentRingRequested',
    callId: ids.callId,
    visitId: visit.visitId,
    queue: visit.queue,
    agent: asId('1001'),
    legId: agentLeg,
    bridgeId: asId('b'),
    device: 'sip',
    callerLegId: ids.legId,
    callerNumber: '',
    ringTimeoutMs: 20_000,
    because: 'test',
  } satisfies EventBody),
  past(14, {
    type: 'CallConnected',
    callId: ids.callId,
    visitId: visit.visitId,
    queue: visit.queue,
    agent: asId('1001'),
    callerLegId: ids.legId,
    agentLegId: agentLeg,
    bridgeId: asId('b'),
    waitMs: 4_000,
    ringMs: 2_000,
  } satisfies EventBody),
];

/** The node is back at second 100; these legs have gone meanwhile, the others live. */
const back = (history: Parameters<typeof given>[0], liveLegs: LegId[], fates: LegFate[]) =>
  given(history).when(
    { kind: 'fact', fact: { kind: 'node-up', nodeId: asId<NodeId>('n1'), liveLegs, fates } },
    100,
  );
const ended = (legId: LegId, atSeconds: number, reason: 'normal' | 'failed' = 'normal'): LegFate => ({
  legId,
  at: instant(atSeconds * 1_000),
  kind: 'ended',
  reason,
});

test('a waiting caller hung up while we were away: abandoned by the caller, at that time, with that wait', () => {
  const { events, recorded } = back([arrived, queued], [], [ended(ids.legId, 40)]);
  expect(events).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'VisitEnded', outcome: 'abandoned', waitMs: 30_000 }),
      expect.objectContaining({ type: 'CallEnded', outcome: 'abandoned_in_queue', releaseParty: 'caller' }),
    ]),
  );
  expect(recorded.find(({ type }) => type === 'CallEnded')?.at).toBe(40_000);
});

test('nothing is known of the end: failed by the system, when we noticed', () => {
  const { events, recorded } = back([arrived, queued], [], []);
  expect(events.find(({ type }) => type === 'CallEnded')).toMatchObject({
    outcome: 'failed',
    releaseParty: 'system',
  });
  expect(recorded.find(({ type }) => type === 'CallEnded')?.at).toBe(100_000);
});

test('the caller hung up in mid-conversation: the talk ends then, and the agent is hung up on now', () => {
  const { events, orders } = back([arrived, queued, ...talking], [agentLeg], [ended(ids.legId, 74)]);
  expect(events).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'ConversationEnded', talkMs: 60_000, releasedBy: 'caller' }),
      expect.objectContaining({ type: 'CallEnded', outcome: 'answered', releaseParty: 'caller' }),
    ]),
  );
  expect(orders).toContainEqual(expect.objectContaining({ kind: 'hang-up', legId: agentLeg }));
});

test('the agent hung up and the caller a moment later: released by the agent', () => {
  const { events } = back([arrived, queued, ...talking], [], [ended(ids.legId, 75), ended(agentLeg, 74)]);
  expect(events.find(({ type }) => type === 'ConversationEnded')).toMatchObject({
    releasedBy: 'agent',
    talkMs: 60_000,
  });
  expect(events.find(({ type }) => type === 'CallEnded')).toMatchObject({
    outcome: 'answered',
    releaseParty: 'agent',
  });
});

test('Asterisk took the caller to its own queue: the visit flows out then, and the end of the call is left open', () => {
  const fate: LegFate = { legId: ids.legId, at: instant(20_000), kind: 'taken-to-fallback' };
  const { events, world, recorded } = back([arrived, queued], [], [fate]);
  expect(events.find(({ type }) => type === 'VisitEnded')).toMatchObject({
    outcome: 'flow_out',
    flowOutReason: 'service-lost',
    waitMs: 10_000,
  });
  expect(recorded.find(({ type }) => type === 'CallTakenToFallback')?.at).toBe(20_000);
  expect(events.some(({ type }) => type === 'CallEnded')).toBe(false);
  expect(world).toMatchObject({ calls: new Map(), legs: new Map(), timers: new Map() });
});

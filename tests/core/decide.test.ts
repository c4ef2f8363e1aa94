import { describe, expect, test } from 'vitest';
import type { Input } from '../../services/calls/input.ts';
import type { AgentWork, EventBody } from '../../services/events/events.ts';
import { type AgentId, asId, type LegId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { given, past } from '../support/decider.ts';
import { smallFlows } from '../support/read-flows.ts';

const ids = { callId: asId('n1-1.1'), legId: asId('n1-1.1') } as never as { callId: never; legId: never };
const nodeId = asId('n1') as never;
const visit = { visitId: asId('v1'), queue: asId('power-service'), hotline: asId('95598') } as never as {
  visitId: never;
  queue: never;
  hotline: never;
};
const agent = asId<AgentId>('1001') as never;
const agentLeg = asId<LegId>('leg-a') as never;

const arrived = past(1, {
  type: 'CallArrived',
  ...ids,
  nodeId,
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
const inFlow = past(2, {
  type: 'FlowNodeEntered',
  callId: ids.callId,
  flow: asId('95598') as never,
  flowVersion: 1,
  node: asId('person') as never,
});
const agentIs = (
  atSeconds: number,
  work: AgentWork,
  over: Partial<Extract<EventBody, { type: 'AgentStateChanged' }>> = {},
) =>
  past(atSeconds, {
    type: 'AgentStateChanged',
    agent,
    state: 'available',
    reason: null,
    callId: null,
    intent: { kind: 'ready' },
    devices: ['sip'],
    work,
    missedRings: 0,
    because: 'test',
    ...over,
  });
const ring = past(12, {
  type: 'AgentRingRequested',
  callId: ids.callId,
  visitId: visit.visitId,
  queue: visit.queue,
  agent,
  legId: agentLeg,
  bridgeId: asId('b1') as never,
  device: 'sip',
  callerLegId: ids.legId,
  callerNumber: '13800138000',
  ringTimeoutMs: 20_000,
  because: 'longest idle of 1',
});
const ringing = agentIs(
  12,
  { kind: 'ringing', callId: ids.callId, legId: agentLeg, queue: visit.queue },
  { state: 'ringing', callId: ids.callId },
);
const whileRinging = [arrived, inFlow, queued, agentIs(11, { kind: 'none' }), ring, ringing];

describe('one decision', () => {
  test('an INVITE is recorded before anything is done, and picked up', () => {
    const { events, orders } = given([]).when(
      {
        kind: 'fact',
        fact: {
          kind: 'arrived',
          nodeId,
          legId: ids.legId,
          source: 'trunk',
          callerNumber: '13800138000',
          dialledNumber: '95598',
          account: 'trunk',
          sipCallId: 'sip-1',
        },
      },
      1,
    );
    expect(events).toEqual([arrived.body]);
    expect(orders).toEqual([{ kind: 'answer', legId: ids.legId }]);
  });

  test('an INVITE reported twice is one call', () => {
    const fact = {
      kind: 'arrived' as const,
      nodeId,
      legId: ids.legId,
      source: 'trunk' as const,
      callerNumber: '13800138000',
      dialledNumber: '95598',
      account: 'trunk',
      sipCallId: 'sip-1',
    };
    expect(given([arrived]).when({ kind: 'fact', fact }, 2).events).toEqual([]);
  });

  test('an agent becomes ready while a caller waits: rung at once, with the reason', () => {
    const away = agentIs(
      5,
      { kind: 'none' },
      { state: 'not-ready', intent: { kind: 'not-ready', reason: 'break' } },
    );
    const { events, orders, result } = given([arrived, inFlow, queued, away]).when(
      { kind: 'command', command: { kind: 'set-agent-state', agent, intent: { kind: 'ready' }, by: '1001' } },
      30,
    );
    expect(result).toEqual({ ok: true });
    expect(events.map((e) => e.type)).toEqual([
      'AgentStateChanged',
      'AgentRingRequested',
      'AgentStateChanged',
    ]);
    expect(events[1]).toMatchObject({ agent: '1001', because: 'longest idle of 1', ringTimeoutMs: 20_000 });
    expect(events[2]).toMatchObject({ state: 'ringing', callId: ids.callId });
    expect(orders).toMatchObject([{ kind: 'ring-agent', agent: '1001', device: 'sip' }]);
  });

  test('the agent answers: the ring, the visit and the wait end together, and both are joined', () => {
    const { events, orders } = given(whileRinging).when(
      { kind: 'fact', fact: { kind: 'leg-answered', legId: agentLeg } },
      15,
    );
    expect(events).toMatchObject([
      { type: 'AgentRingEnded', result: 'answered', ringMs: 3_000 },
      { type: 'VisitEnded', outcome: 'answered', waitMs: 5_000, agent: '1001' },
      { type: 'CallConnected', waitMs: 5_000, ringMs: 3_000, bridgeId: 'b1' },
      { type: 'AgentStateChanged', state: 'on-call' },
    ]);
    expect(orders).toEqual([
      { kind: 'connect', bridgeId: 'b1', callerLegId: ids.legId, agentLegId: 'leg-a' },
    ]);
  });

  test('the caller leaves while the phone rings: everything ends but the ringing leg, and the agent stays bound to it', () => {
    const { events, orders, world } = given(whileRinging).when(
      { kind: 'fact', fact: { kind: 'leg-ended', legId: ids.legId, reason: 'normal' } },
      20,
    );
    expect(events).toMatchObject([
      { type: 'AgentRingEnded', result: 'caller-left' },
      { type: 'LegHangUpRequested', legId: 'leg-a' },
      { type: 'VisitEnded', outcome: 'abandoned', waitMs: 10_000, agent: null },
      { type: 'LegEnded', legId: ids.legId },
      { type: 'CallEnded', outcome: 'abandoned_in_queue', releaseParty: 'caller' },
    ]);
    expect(orders).toEqual([{ kind: 'hang-up', legId: 'leg-a', because: 'normal' }]);
    expect(world.agents.get(agent)?.work.kind).toBe('ringing');
  });

  test('Asterisk never says that a leg ended which we hung up: it is asked again, then taken for gone', () => {
    const asked = past(20, {
      type: 'LegHangUpRequested',
      callId: ids.callId,
      legId: ids.legId,
      because: 'test',
    });
    const due = { kind: 'timer' as const, timer: asId<never>(`hang-up/${String(ids.legId)}`) };
    const again = given([arrived, asked]).when(due, 25);
    expect(again.events).toMatchObject([{ type: 'LegHangUpRequested', because: 'asked again' }]);
    const gone = given([arrived, asked, past(25, asked.body), past(30, asked.body)]).when(due, 35);
    expect(gone.events.map((e) => e.type)).toEqual(['LegEnded', 'CallEnded']);
  });

  test('facts and timers about what is over change nothing', () => {
    for (const kind of ['leg-answered', 'leg-ringing', 'leg-held', 'leg-resumed'] as const)
      expect(given([]).when({ kind: 'fact', fact: { kind, legId: agentLeg } }, 1).events).toEqual([]);
    for (const kind of [
      'ring',
      'wrap-up',
      'listen',
      'max-wait',
      'playback',
      'pick-up',
      'hang-up',
      'longest-call',
    ])
      expect(given([]).when({ kind: 'timer', timer: asId<never>(`${kind}/gone`) }, 1).events).toEqual([]);
  });

  test('an unknown agent is refused by name', () => {
    const { result, events } = given([]).when(
      {
        kind: 'command',
        command: { kind: 'set-agent-state', agent: asId('9999'), intent: { kind: 'ready' }, by: 'lead' },
      },
      1,
    );
    expect(result).toEqual({ ok: false, code: 'unknown-agent', message: 'there is no agent 9999' });
    expect(events).toEqual([]);
  });
});

describe('after a start with another centre', () => {
  const gone = asId<AgentId>('9009') as never;
  const nodeUp: Input = { kind: 'fact', fact: { kind: 'node-up', nodeId, liveLegs: [ids.legId] } };

  test('an agent who is no longer in it is signed out and has no phones', () => {
    const { events } = given([agentIs(1, { kind: 'none' }, { agent: gone })]).when(nodeUp, 100);
    expect(events.filter((event) => event.type === 'AgentStateChanged').at(-1)).toMatchObject({
      agent: gone,
      state: 'signed-out',
      devices: [],
      because: 'no longer in the centre',
    });
  });

  test('a second connection says nothing more of that agent', () => {
    const left = agentIs(1, { kind: 'none' }, { agent: gone, intent: { kind: 'signed-out' }, devices: [] });
    expect(given([left]).when(nodeUp, 200).events).toMatchObject([{ type: 'NodeConnected' }]);
  });

  test('a caller in a part of the menu that is no longer there begins anew', () => {
    const nowhere = past(2, { ...inFlow.body, node: asId('no-such-node') } as EventBody);
    const { events } = given([arrived, nowhere]).when(nodeUp, 100);
    const entered = events.find((event) => event.type === 'FlowNodeEntered');
    expect(entered).toMatchObject({ flow: '95598', node: smallFlows.get(asId('95598'))?.start });
  });
});

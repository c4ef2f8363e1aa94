import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Agent, newAgent } from '../../services/agents/agent.ts';
import { asId, type QueueId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import {
  join,
  type Line,
  leaveLine,
  markRung,
  positionOf,
  servedBefore,
  type Waiting,
} from '../../services/queueing/queue.ts';
import { route } from '../../services/routing/route.ts';

const waiting = (name: string, over: Partial<Waiting> = {}): Waiting => ({
  visitId: asId(name),
  callId: asId(name),
  legId: asId(name),
  queue: asId('billing'),
  hotline: asId('95598'),
  priority: 0,
  queuedAt: instant(0),
  beingRung: false,
  skills: [],
  ...over,
});
const line = (...visits: Waiting[]): Line => visits.reduce<Line>(join, []);
const agent = (id: string, idleSince: number, over: Partial<Agent> = {}): Agent => ({
  ...newAgent(asId(id), instant(0)),
  intent: { kind: 'ready' },
  devices: ['sip'],
  idleSince: instant(idleSince),
  ...over,
});
const routed = (
  lines: Record<string, Line>,
  agents: Agent[],
  queues: Record<string, string[]>,
  skills: Record<string, string[]> = {},
) =>
  route(
    new Map(Object.entries(lines) as [QueueId, Line][]),
    new Map(agents.map((a) => [a.id, a])),
    new Map(
      agents.map(({ id }) => [id, { queues: (queues[id] ?? []) as QueueId[], skills: skills[id] ?? [] }]),
    ),
  ).map((p) => [p.visit.callId, p.agent, p.because]);

describe('a queue', () => {
  test('serves who came first, but higher priority before', () => {
    const [early, late, urgent] = [
      waiting('early', { queuedAt: instant(1) }),
      waiting('late', { queuedAt: instant(2) }),
      waiting('urgent', { queuedAt: instant(3), priority: 10 }),
    ];
    const all = line(late, urgent, early);
    expect(all.map((v) => v.visitId)).toEqual(['urgent', 'early', 'late']);
    expect(positionOf(all, early.visitId)).toBe(2);
    expect(positionOf(leaveLine(all, urgent.visitId), early.visitId)).toBe(1);
    expect(positionOf(all, asId('nobody'))).toBe(0);
  });

  test('is always in serving order, whatever the order of joining (property)', () => {
    const visits = fc.array(
      fc.record({ priority: fc.integer({ min: 0, max: 3 }), queuedAt: fc.integer({ min: 0, max: 20 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(visits, (all) => {
        const built = line(
          ...all.map((v, i) => waiting(`v${i}`, { priority: v.priority, queuedAt: instant(v.queuedAt) })),
        );
        expect([...built].sort(servedBefore)).toEqual(built);
        expect(built).toHaveLength(all.length);
      }),
    );
  });
});

describe('routing', () => {
  test('the caller who waited longest gets the agent who was idle longest', () => {
    const lines = {
      billing: line(waiting('a', { queuedAt: instant(5) }), waiting('b', { queuedAt: instant(9) })),
    };
    const agents = [agent('1001', 30), agent('1002', 10), agent('1003', 20)];
    const both = { '1001': ['billing'], '1002': ['billing'], '1003': ['billing'] };
    expect(routed(lines, agents, both)).toEqual([
      ['a', '1002', 'longest idle of 3'],
      ['b', '1003', 'longest idle of 2'],
    ]);
  });

  test('an agent is not rung for a queue that is not theirs, nor when not available', () => {
    const lines = { billing: line(waiting('a')) };
    expect(routed(lines, [agent('1001', 0)], { '1001': ['faults'] })).toEqual([]);
    expect(routed(lines, [agent('1001', 0, { devices: [] })], { '1001': ['billing'] })).toEqual([]);
    expect(
      routed(lines, [agent('1001', 0, { intent: { kind: 'signed-out' } })], { '1001': ['billing'] }),
    ).toEqual([]);
  });

  test('a caller who is being rung for is not offered to a second agent', () => {
    const lines = { billing: markRung(line(waiting('a')), asId('a'), true) };
    expect(routed(lines, [agent('1001', 0)], { '1001': ['billing'] })).toEqual([]);
  });

  test('an agent of several queues serves the caller who waited longest in any of them', () => {
    const lines = {
      billing: line(waiting('b', { queuedAt: instant(9) })),
      faults: line(waiting('f', { queue: asId('faults'), queuedAt: instant(2) })),
    };
    expect(routed(lines, [agent('1001', 0)], { '1001': ['billing', 'faults'] })).toEqual([
      ['f', '1001', 'longest idle of 1'],
    ]);
  });

  test('agents idle equally long are taken in the order of their numbers', () => {
    const lines = { billing: line(waiting('a')) };
    const queues = { '1001': ['billing'], '1002': ['billing'] };
    expect(routed(lines, [agent('1002', 5), agent('1001', 5)], queues)[0]?.[1]).toBe('1001');
  });
});

test('a caller who needs skills waits for an agent who has all of them, and holds nobody up', () => {
  const lines = {
    billing: line(
      waiting('needs both', { queuedAt: instant(1), skills: ['english', 'meters'] }),
      waiting('needs none', { queuedAt: instant(2) }),
    ),
  };
  const agents = [agent('1001', 1), agent('1002', 2)];
  const queues = { '1001': ['billing'], '1002': ['billing'] };
  expect(routed(lines, agents, queues, { '1002': ['english'] })).toEqual([
    ['needs none', '1001', 'longest idle of 2'],
  ]);
  expect(routed(lines, agents, queues, { '1002': ['meters', 'english'] })).toEqual([
    ['needs both', '1002', 'longest idle of 1'],
    ['needs none', '1001', 'longest idle of 1'],
  ]);
});

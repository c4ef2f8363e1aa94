import { describe, expect, test } from 'vitest';
import { agentChange, evolveAgent, newAgent, reasonOf, stateOf } from '../../services/agents/agent.ts';
import type { AgentIntent, AgentWork, HotlineEvent } from '../../services/events/events.ts';
import { asId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import type { AgentStateName, Device } from '../../services/events/vocabulary.ts';

const intents: AgentIntent[] = [
  { kind: 'signed-out' },
  { kind: 'not-ready', reason: 'meal' },
  { kind: 'ready' },
];
const call = { callId: asId<never>('c1'), legId: asId<never>('l1'), queue: asId<never>('q') };
const works: AgentWork[] = [
  { kind: 'none' },
  { kind: 'ringing', ...call },
  { kind: 'talking', ...call, held: false },
  { kind: 'talking', ...call, held: true },
  {
    kind: 'wrapping-up',
    callId: call.callId,
    queue: call.queue,
    since: instant(0),
    until: instant(1),
    conversationMs: 0,
  },
];

describe('the state of an agent follows from intent, phones and work, and every combination has one', () => {
  // Rows: work; columns: signed-out, not-ready, ready without phone, ready with phone.
  const table: AgentStateName[][] = [
    ['signed-out', 'not-ready', 'unreachable', 'available'],
    ['ringing', 'ringing', 'ringing', 'ringing'],
    ['on-call', 'on-call', 'on-call', 'on-call'],
    ['on-hold', 'on-hold', 'on-hold', 'on-hold'],
    ['wrapping-up', 'wrapping-up', 'wrapping-up', 'wrapping-up'],
  ];
  const columns: [AgentIntent, Device[]][] = [
    [intents[0] as AgentIntent, ['sip']],
    [intents[1] as AgentIntent, ['sip']],
    [intents[2] as AgentIntent, []],
    [intents[2] as AgentIntent, ['web']],
  ];
  test.each(works.map((work, i) => [work.kind, i] as const))('%s (row %i)', (_kind, row) => {
    const states = columns.map(([intent, devices]) =>
      stateOf({ intent, devices, work: works[row] as AgentWork }),
    );
    expect(states).toEqual(table[row]);
  });
});

test('the reason belongs to not-ready only, and shows again after the work is done', () => {
  const meal = { intent: intents[1] as AgentIntent, devices: [] };
  expect(reasonOf({ ...meal, work: works[0] as AgentWork })).toBe('meal');
  expect(reasonOf({ ...meal, work: works[2] as AgentWork })).toBeNull();
});

test('a change to what already is makes no event', () => {
  expect(
    agentChange(newAgent(asId('1001'), instant(0)), { intent: { kind: 'signed-out' } }, 'again'),
  ).toBeNull();
});

test('idle time restarts with work and with signing in, not with a ring that the caller gave up', () => {
  const step = (
    agent: ReturnType<typeof newAgent>,
    at: number,
    change: Parameters<typeof agentChange>[1],
  ) => {
    const event = agentChange(agent, change, 'test');
    return event
      ? evolveAgent(agent, { ...event, at: instant(at), seq: 1, eventId: asId('e') } as HotlineEvent &
          typeof event)
      : agent;
  };
  const ready = step(newAgent(asId('1001'), instant(0)), 10, { intent: { kind: 'ready' }, devices: ['sip'] });
  expect(ready).toMatchObject({ since: 10, idleSince: 10 });
  const rung = step(ready, 20, { work: works[1] as AgentWork });
  expect(step(rung, 30, { work: { kind: 'none' } })).toMatchObject({ since: 30, idleSince: 10 });
  expect(step(rung, 30, { work: { kind: 'none' }, missedRings: 1 })).toMatchObject({ idleSince: 30 });
  const worked = step(step(rung, 40, { work: works[4] as AgentWork }), 50, { work: { kind: 'none' } });
  expect(worked).toMatchObject({ since: 50, idleSince: 50 });
});

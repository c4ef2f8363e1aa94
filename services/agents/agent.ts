import type { AgentIntent, AgentStateChanged, AgentWork, Recorded } from '../events/events.ts';
import type { AgentId, CallId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { AgentStateName, Device, NotReadyReason } from '../events/vocabulary.ts';

/** One agent: three independent facts, of which the state that people see is derived. */
export type Agent = {
  readonly id: AgentId;
  /** What the agent wants. Survives a call: it takes effect when the work is done. */
  readonly intent: AgentIntent;
  /** Phones that can be rung now, the preferred first. */
  readonly devices: readonly Device[];
  readonly work: AgentWork;
  /** Missed, refused or unreachable rings in a row. */
  readonly missedRings: number;
  /** When the present state (with its reason and call) began. */
  readonly since: Instant;
  /** Since when the agent has been without work, for longest-idle routing; a ring the caller gave up does not restart it. */
  readonly idleSince: Instant;
  /** Calls answered since signing in, for the strategy that evens them out. */
  readonly callsInShift: number;
  /** When a phone of theirs was rung last; null: never. */
  readonly lastRungAt: Instant | null;
};

export const newAgent = (id: AgentId, at: Instant): Agent => ({
  id,
  intent: { kind: 'signed-out' },
  devices: [],
  work: { kind: 'none' },
  missedRings: 0,
  since: at,
  idleSince: at,
  callsInShift: 0,
  lastRungAt: null,
});

/** "available" without a phone that can be rung is impossible by construction. */
export function stateOf(agent: Pick<Agent, 'intent' | 'devices' | 'work'>): AgentStateName {
  switch (agent.work.kind) {
    case 'ringing':
      return 'ringing';
    case 'talking':
      return agent.work.held ? 'on-hold' : 'on-call';
    case 'wrapping-up':
      return 'wrapping-up';
    case 'none':
      break;
    default:
      agent.work satisfies never;
  }
  switch (agent.intent.kind) {
    case 'signed-out':
      return 'signed-out';
    case 'not-ready':
      return 'not-ready';
    case 'ready':
      return agent.devices.length > 0 ? 'available' : 'unreachable';
    default:
      return agent.intent satisfies never;
  }
}

export function reasonOf(agent: Pick<Agent, 'intent' | 'devices' | 'work'>): NotReadyReason | null {
  return stateOf(agent) === 'not-ready' && agent.intent.kind === 'not-ready' ? agent.intent.reason : null;
}

export const callOf = (work: AgentWork): CallId | null => (work.kind === 'none' ? null : work.callId);

export type AgentChange = Partial<Pick<Agent, 'intent' | 'devices' | 'work' | 'missedRings'>>;

/** The event that records a change, or null when nothing is different. */
export function agentChange(agent: Agent, change: AgentChange, because: string): AgentStateChanged | null {
  const next = { ...agent, ...change };
  if (JSON.stringify(facets(next)) === JSON.stringify(facets(agent))) return null;
  return {
    type: 'AgentStateChanged',
    agent: agent.id,
    state: stateOf(next),
    reason: reasonOf(next),
    callId: callOf(next.work),
    intent: next.intent,
    devices: [...next.devices],
    work: next.work,
    missedRings: next.missedRings,
    because,
  };
}

const facets = (a: Pick<Agent, 'intent' | 'devices' | 'work' | 'missedRings'>) => [
  a.intent,
  a.devices,
  a.work,
  a.missedRings,
];

export function evolveAgent(agent: Agent, event: Recorded<AgentStateChanged>): Agent {
  const before = stateOf(agent);
  const sameState =
    before === event.state && reasonOf(agent) === event.reason && callOf(agent.work) === event.callId;
  const becameFree = event.state === 'available' && before !== 'available';
  const callerGaveUp = agent.work.kind === 'ringing' && event.missedRings === agent.missedRings;
  const signedIn = agent.intent.kind === 'signed-out' && event.intent.kind !== 'signed-out';
  const answered = agent.work.kind === 'ringing' && event.work.kind === 'talking';
  const rung = event.work.kind === 'ringing' && agent.work.kind !== 'ringing';
  return {
    id: agent.id,
    intent: event.intent,
    devices: event.devices,
    work: event.work,
    missedRings: event.missedRings,
    since: sameState ? agent.since : event.at,
    idleSince: becameFree && !callerGaveUp ? event.at : agent.idleSince,
    callsInShift: signedIn ? 0 : agent.callsInShift + (answered ? 1 : 0),
    lastRungAt: rung ? event.at : agent.lastRungAt,
  };
}

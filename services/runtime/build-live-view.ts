import { type Agent, newAgent, reasonOf, stateOf } from '../agents/agent.ts';
import { type Call, ringsOf, stageOf } from '../calls/call.ts';
import type { Centre, ServingRules } from '../calls/centre.ts';
import { expectedWaitOfNext } from '../calls/expected-wait.ts';
import { firstPromised } from '../calls/make-callback.ts';
import { profileOf } from '../calls/serving-plans.ts';
import { type Callback, switchKey, type World } from '../calls/world.ts';
import type { QueueId } from '../events/ids.ts';
import { elapsedMs, type Instant } from '../events/instant.ts';
import { type AgentStateName, agentStates } from '../events/vocabulary.ts';
import { countsToday, rollOver } from '../kpi/today.ts';
import { positionOf } from '../queueing/queue.ts';
import { requirementAt } from '../routing/serving-plan.ts';
import { type AgentProfile, canServe } from '../routing/skills.ts';
import type { EngineState } from './engine.ts';
import type { LiveAgent, LiveCall, LiveCallback, LiveQueue, LiveSwitch, LiveView } from './live-view.ts';

/** The switches there are, with what screens call them. */
export type SwitchLabels = ReadonlyMap<string, LiveSwitch['label']>;

/** What is true now, for boards and metrics. Pure. */
export function buildLiveView(
  state: EngineState,
  centre: Centre,
  now: Instant,
  localDay: (at: Instant) => string,
  switches: SwitchLabels,
): LiveView {
  const { world } = state;
  const today = rollOver(state.today, localDay(now));
  const agents = [...centre.agents.values()].map((definition): LiveAgent => {
    const agent = world.agents.get(definition.id) ?? newAgent(definition.id, now);
    return {
      agent: definition.id,
      name: definition.name,
      queues: [...definition.queues],
      state: stateOf(agent),
      reason: reasonOf(agent),
      since: agent.since,
      callId: agent.work.kind === 'none' ? null : agent.work.callId,
      devices: [...agent.devices],
      skills: definition.skills.map(({ skill, level, expiresAt }) => ({ skill, level, expiresAt })),
      reserve: definition.reserve,
      until: agent.work.kind === 'wrapping-up' ? agent.work.until : null,
      afterWork: agent.work.kind === 'none' ? null : withoutWork(agent),
    };
  });
  const profiles = [...centre.agents.values()].map((definition, i) => ({
    state: agents[i]?.state ?? 'signed-out',
    profile: profileOf(definition),
  }));
  return {
    at: now,
    seq: state.seq,
    today: today.day,
    nodes: [...world.nodes].map(([nodeId, node]) => ({ nodeId, connected: node.connected })),
    hotlines: [...centre.hotlines.values()].map((h) => ({ hotline: h.id, name: h.name })),
    queues: [...centre.queues.values()].map((queue): LiveQueue => {
      const line = world.lines.get(queue.id) ?? [];
      const mayServe = whoMayServe(queue.serving, world.reserves.has(queue.id), profiles, now);
      const longest = line.reduce((ms, visit) => Math.max(ms, elapsedMs(visit.queuedAt, now)), 0);
      return {
        queue: queue.id,
        name: queue.name,
        waiting: line.length,
        callbacks: [...world.callbacks.values()].filter((one) => one.queue === queue.id).length,
        longestWaitMs: longest,
        expectedWaitMs: expectedWaitOfNext(world, queue.id, {
          agents: mayServe.atWork,
          free: mayServe.free,
          ahead: line.length,
        }),
        agents: countStates(agents, queue.id),
        mayServe,
        serviceLevelThresholdMs: queue.serviceLevelThresholdMs,
        shortAbandonMs: queue.shortAbandonMs,
        reserve: reserveOf(world, agents, queue.id),
        countsToday: countsToday(today, queue.id),
      };
    }),
    agents,
    calls: [...world.calls.values()].filter((call) => !call.callerGone).map((call) => liveCall(world, call)),
    callbacks: [...world.callbacks.values()].sort(firstPromised).map(liveCallback),
    switches: [...centre.hotlines.keys()].flatMap((hotline) =>
      [...switches].map(([name, label]): LiveSwitch => {
        const { on = false, by = null, since = null } = world.switches.get(switchKey(hotline, name)) ?? {};
        return { hotline, name, label, on, by, since };
      }),
    ),
  };
}

/** Who may serve an ordinary caller of a queue now, and how many of them have no call. */
function whoMayServe(
  { plan }: ServingRules,
  reserveCalledIn: boolean,
  agents: readonly { state: AgentStateName; profile: AgentProfile }[],
  now: Instant,
): LiveQueue['mayServe'] {
  const requirement = requirementAt(plan, 0, [], reserveCalledIn);
  const theirs = agents.filter(
    ({ state, profile }) => isAtWork(state) && canServe(profile, requirement, now),
  );
  return { atWork: theirs.length, free: theirs.filter(({ state }) => state === 'available').length };
}

const isAtWork = (state: AgentStateName): boolean =>
  state !== 'signed-out' && state !== 'not-ready' && state !== 'unreachable';

function reserveOf({ reserves }: World, agents: readonly LiveAgent[], queue: QueueId): LiveQueue['reserve'] {
  const theirs = agents.filter((agent) => agent.reserve && agent.queues.includes(queue));
  return {
    agents: theirs.length,
    available: theirs.filter(({ state }) => state === 'available').length,
    calledIn: reserves.get(queue) ?? null,
  };
}

function withoutWork(agent: Agent): LiveAgent['afterWork'] {
  const idle = { ...agent, work: { kind: 'none' } } as const;
  return { state: stateOf(idle), reason: reasonOf(idle) };
}

function countStates(agents: readonly LiveAgent[], queue: QueueId): Record<AgentStateName, number> {
  const counts = Object.fromEntries(agentStates.map((s) => [s, 0])) as Record<AgentStateName, number>;
  for (const agent of agents) if (agent.queues.includes(queue)) counts[agent.state] += 1;
  return counts;
}

const liveCallback = (one: Callback): LiveCallback => ({
  callbackId: one.id,
  hotline: one.hotline,
  queue: one.queue,
  number: one.number,
  queuedAt: one.queuedAt,
  callId: one.requestedBy,
  attempts: one.attempts,
  notBefore: one.call === null ? one.notBefore : null,
});

function agentOf({ stage }: Call): LiveCall['agent'] {
  switch (stage.kind) {
    case 'talking':
    case 'outgoing':
      return stage.agent;
    case 'waiting':
    case 'passing':
      return stage.ring?.agent ?? null;
    case 'calling':
      return stage.agent?.agent ?? null;
    case 'arriving':
    case 'ivr':
    case 'closing':
      return null;
    default:
      return stage satisfies never;
  }
}

function liveCall(world: World, call: Call): LiveCall {
  const { stage } = call;
  const queue = 'queue' in stage ? stage.queue : null;
  const line = stage.kind === 'waiting' ? (world.lines.get(stage.queue) ?? []) : [];
  return {
    callId: call.id,
    hotline: call.hotline,
    source: call.source,
    callerNumber: call.callerNumber,
    dialledNumber: call.dialledNumber,
    stage: stageOf(call),
    stageSince: call.stageSince,
    startedAt: call.startedAt,
    queue,
    queuedAt: line.find((visit) => visit.callId === call.id)?.queuedAt ?? null,
    position: stage.kind === 'waiting' ? positionOf(line, stage.visitId) : null,
    step: line.find((visit) => visit.callId === call.id)?.step ?? null,
    ringing: ringsOf(stage).map(({ agent }) => agent),
    agent: agentOf(call),
    node: call.node,
    ...conversationOf(call),
  };
}

/** What the agent on the line is doing with the call, and what becomes of one that was passed on. */
function conversationOf({ stage, consult }: Call): Pick<LiveCall, 'held' | 'hold' | 'consult' | 'passing'> {
  const passing =
    stage.kind === 'passing'
      ? { by: stage.by, to: stage.to, reason: stage.reason, comesBack: stage.attempt === 'return' }
      : null;
  if (stage.kind !== 'talking') return { held: false, hold: null, consult: null, passing };
  return {
    held: stage.heldSince !== null,
    hold: stage.heldSince === null ? null : { since: stage.heldSince, promise: stage.holdPromise ?? null },
    passing,
    consult: consult
      ? {
          by: stage.agent,
          party: consult.party,
          reason: consult.reason,
          since: consult.answeredAt ?? consult.requestedAt,
          answered: consult.answeredAt !== null,
          speaksWith: consult.speaksWith,
        }
      : null,
  };
}

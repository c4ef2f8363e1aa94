import type { Call } from '../../../services/calls/call.ts';
import type { Centre } from '../../../services/calls/centre.ts';
import { plainServing } from '../../../services/calls/serving-plans.ts';
import type { Rules } from '../../../services/calls/turn.ts';
import { emptyWorld, type World } from '../../../services/calls/world.ts';
import type { HotlineEvent } from '../../../services/events/events.ts';
import {
  type AgentId,
  asId,
  type LegId,
  type NodeId,
  type QueueId,
  type SkillId,
  type TimerId,
} from '../../../services/events/ids.ts';
import { type Instant, instant } from '../../../services/events/instant.ts';
import { createToday } from '../../../services/kpi/today.ts';
import { createEngine, type Engine, type EngineState } from '../../../services/runtime/engine.ts';
import { flowOf, flowsOf } from '../flow-of.ts';
import { rulesOf } from '../rules.ts';
import { queueDefinition, smallCentre } from '../small-centre.ts';

/** The subject, whose states the table is about, and a colleague who serves the same queue. */
export const agents = [asId<AgentId>('1001'), asId<AgentId>('1002')] as const;
export const nodeId = asId<NodeId>('n1');

/** One missed ring in two makes an agent not ready, so that both outcomes of one are met. */
export const queue = asId<QueueId>('billing');
const skill = asId<SkillId>('billing');
/** Until when agents have the skill that the queue needs: long after all else, so that it ends when, and only when, it is told. */
export const skillEnds: ReadonlyMap<AgentId, Instant> = new Map([
  [agents[0], instant(Date.parse('2030-01-01T00:00:00+08:00'))],
  [agents[1], instant(Date.parse('2040-01-01T00:00:00+08:00'))],
]);
const centre = centreWithSkills();
function centreWithSkills(): Centre {
  const serving = plainServing(queue);
  const needing = { ...serving, plan: { ...serving.plan, needs: [{ skill, level: 1 } as const] } };
  const small = smallCentre([queueDefinition(queue, { maxMissedRings: 2, serving: needing })]);
  const held = [...small.agents].map(([id, agent]) => {
    const skills = [{ skill, level: 1, expiresAt: skillEnds.get(id) ?? null } as const];
    return [id, { ...agent, skills }] as const;
  });
  return { ...small, agents: new Map(held) };
}

/** Nothing is said: what is said changes nothing for an agent. Who loses their agent, or has waited too long, is told of by the flow. */
const flow = flowOf(
  {
    person: { kind: 'enqueue', queue: 'billing', onTimeout: 'goodbye', onFull: 'goodbye' },
    goodbye: { kind: 'hang-up' },
  },
  { start: 'person' },
);
const rules: Rules = rulesOf(centre, flowsOf(flow));
const todayRules = {
  localDay: () => '2026-03-02',
  thresholdsOf: (queue: Parameters<typeof centre.queues.get>[0]) => centre.queues.get(queue),
};

/** A moment of the small centre. Never changed in place. */
export type Moment = { readonly state: EngineState; readonly now: number };

/** The telephone system is there, and these agents are ready, each with a phone. */
export function firstMoment(present: readonly AgentId[]): Moment {
  const nothing: Moment = {
    state: { world: emptyWorld(), today: createToday('2026-03-02'), seq: 0 },
    now: Date.parse('2026-03-02T09:00:00+08:00'),
  };
  return follows(nothing, {
    tells: (engine) => {
      engine.fact({ kind: 'node-up', nodeId, liveLegs: [] });
      for (const agent of present) {
        void engine.command({ kind: 'set-agent-state', agent, intent: { kind: 'ready' }, by: agent });
        engine.fact({ kind: 'phones', agent, devices: ['sip'] });
      }
    },
  }).moment;
}

export type After = {
  readonly moment: Moment;
  readonly events: readonly HotlineEvent[];
  readonly bug: unknown;
};

/** Something that can happen: a fact, a command, a timer that falls due, or nothing at all until some moment. */
export type Happening =
  | { readonly tells: (engine: Engine, world: World) => void }
  | { readonly timer: TimerId }
  | { readonly until: Instant };

/** Lets the production engine handle it, a second later; a timer falls due whichever others should have come before. */
export function follows(before: Moment, happening: Happening): After {
  const { today, seq } = before.state;
  const world = copyOf(before.state.world);
  const state: EngineState = { world, today, seq };
  const timer = 'timer' in happening ? happening.timer : null;
  const until = 'until' in happening ? happening.until : 0;
  const now = Math.max(before.now + 1_000, (timer && world.timers.get(timer)) ?? 0, until);
  for (const [other, at] of world.timers)
    if (other !== timer && at <= now) world.timers.set(other, instant(now + 1));
  const events: HotlineEvent[] = [];
  let bug: unknown = null;
  const waking: (() => void)[] = [];
  const engine = createEngine({
    rules,
    todayRules,
    telephony: { perform: () => undefined },
    lookups: { ask: () => undefined },
    checkPhones: () => undefined,
    journal: { append: (made) => void events.push(...made) },
    clock: () => instant(now),
    schedule: (_ms, callback) => {
      waking.push(callback);
      return () => void waking.pop();
    },
    defer: (work) => work(),
    instance: `m${seq}`,
    journalId: 'model',
    onBug: (error) => {
      bug = error;
    },
    state,
  });
  if ('tells' in happening) happening.tells(engine, world);
  else if (timer !== null) waking.pop()?.();
  engine.stop();
  return { moment: { state, now }, events, bug };
}

/** `evolve` replaces values and never changes them, so the maps alone are copied. */
function copyOf(world: World): World {
  const copy = { ...world };
  for (const name of Object.keys(copy) as (keyof World)[])
    (copy as Record<keyof World, unknown>)[name] = new Map(world[name] as Map<unknown, unknown>);
  return copy;
}

/** The legs of agents, with whose they are. */
export const legOfAgent = (world: World, agent: AgentId): LegId | null => {
  for (const leg of world.legs.values()) if (leg.role === 'agent' && leg.agent === agent) return leg.id;
  return null;
};

export const callsIn = (world: World): Call[] => [...world.calls.values()].filter((call) => !call.callerGone);

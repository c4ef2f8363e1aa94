import type { EventOf, HotlineEvent } from '../events/events.ts';
import type { AgentId } from '../events/ids.ts';
import { after } from '../events/instant.ts';
import type { RoutingEvent } from '../events/routing.ts';
import { changeVisit, type Waiting } from '../queueing/queue.ts';
import { timerId } from './timers.ts';
import type { World } from './world.ts';

/** Folds how queues serve whoever waits into the world. */
export function evolveRouting(
  world: World,
  event: Extract<HotlineEvent, { type: RoutingEvent['type'] }>,
): void {
  switch (event.type) {
    case 'VisitStepReached': {
      const { visitId, step, because, nextStepAt } = event;
      change(world, event, { step: { step, because } });
      if (nextStepAt === null) world.timers.delete(timerId('overflow-step', visitId));
      else world.timers.set(timerId('overflow-step', visitId), nextStepAt);
      return;
    }
    case 'LastAgentWaitEnded': {
      world.timers.delete(timerId('last-agent', event.visitId));
      return change(world, event, { lastAgentUntil: event.at });
    }
    case 'ReserveCalledIn':
      if (event.on) world.reserves.set(event.queue, { by: event.by, since: event.at });
      else world.reserves.delete(event.queue);
      return;
    default:
      event satisfies never;
  }
}

function change(
  world: World,
  { queue, visitId }: Pick<Waiting, 'queue' | 'visitId'>,
  changes: Partial<Waiting>,
): void {
  world.lines.set(queue, changeVisit(world.lines.get(queue) ?? [], visitId, changes));
}

/** What the router goes by for a visit, from the event with which it begins; and the timers of its overflow. */
export function routedAs(world: World, event: EventOf<'CallQueued'>): Partial<Waiting> {
  const { visitId, step, nextStepAt, lastAgent, lastAgentUntil, ageingMs } = event;
  if (nextStepAt !== undefined) world.timers.set(timerId('overflow-step', visitId), nextStepAt);
  if (lastAgentUntil !== undefined) world.timers.set(timerId('last-agent', visitId), lastAgentUntil);
  return {
    ...(step && { step }),
    ...(lastAgent !== undefined && { lastAgent }),
    ...(lastAgentUntil !== undefined && { lastAgentUntil }),
    ...(ageingMs !== undefined && { ageingMs }),
  };
}

/** So many of a queue's newest visits tell how patient its callers are. */
const keptWaits = 200;

/** The visit is over: its timers are, and its wait is remembered. */
export function visitOver(world: World, event: EventOf<'VisitEnded'>): void {
  const { visitId, queue, waitMs, outcome } = event;
  for (const kind of ['overflow-step', 'last-agent'] as const) world.timers.delete(timerId(kind, visitId));
  // A customer whom we called back has been as patient as we made them.
  if (event.callback !== undefined) return;
  const ended = { waitMs, gaveUp: outcome === 'abandoned' };
  world.waits.set(queue, [...(world.waits.get(queue) ?? []), ended].slice(-keptWaits));
}

/** So many callers' last agents are remembered; then the oldest are forgotten. */
const keptHelpers = 20_000;

/** So many of a queue's newest rings, as many as conversations (evolve.ts), tell how long agents are rung. */
const keptRingTimes = 20;

/** An agent answered: how long that took, where a queue rang them, and who helps this caller are kept in mind. */
export function helps(world: World, event: EventOf<'CallConnected'>): void {
  remember(world, event, event.agent);
  if (event.direct !== undefined) return;
  const rings = [...(world.ringTimes.get(event.queue) ?? []), event.ringMs];
  world.ringTimes.set(event.queue, rings.slice(-keptRingTimes));
}

/** This agent is the one who helped the caller last, where the queue wants that to be known: whoever the caller was left with, after a transfer. */
export function remember(
  world: World,
  { callId, at, rememberMs }: Pick<EventOf<'CallConnected'>, 'callId' | 'at' | 'rememberMs'>,
  agent: AgentId,
): void {
  const number = world.calls.get(callId)?.callerNumber ?? '';
  if (rememberMs === undefined || number === '') return;
  // Put in anew, so that the oldest stand first.
  world.helpers.delete(number);
  world.helpers.set(number, { agent, at, until: after(at, rememberMs) });
  for (const oldest of world.helpers.keys()) {
    if (world.helpers.size <= keptHelpers) break;
    world.helpers.delete(oldest);
  }
}

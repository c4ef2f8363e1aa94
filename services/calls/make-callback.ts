import {
  type AgentId,
  asId,
  type CallId,
  type LegId,
  type NodeId,
  type PromptId,
  type VisitId,
} from '../events/ids.ts';
import { after, elapsedMs } from '../events/instant.ts';
import { join, type Waiting } from '../queueing/queue.ts';
import type { Call, Leg, Ring } from './call.ts';
import { attemptEnded, callbackServed, endWithoutCustomer } from './callback-ended.ts';
import { cutPromptShort, hangUpLeg, play } from './closing.ts';
import { shownNumber } from './outside-number.ts';
import { servedAs } from './served-as.ts';
import type { Turn } from './turn.ts';
import type { Callback, World } from './world.ts';

/** How long a customer's phone rings. */
const customerRingMs = 30_000;

const promptForAgent = asId<PromptId>('agent-callback');
const promptForCustomer = asId<PromptId>('queue-callback');

/**
 * The promised callbacks that the router is to see in the lines, at the place their customers had: those that are due, and of those in
 * which the customer is called first no more than there are agents free for them.
 */
export function callbacksInLine(turn: Turn): Waiting[] {
  const { world } = turn;
  if (world.callbacks.size === 0 || connectedNode(world) === null) return [];
  const due = [...world.callbacks.values()].filter((one) => isDue(turn, one)).sort(firstPromised);
  const room = new Map<Callback['queue'], number>();
  return due.flatMap((callback) => {
    const { queue } = callback;
    const left = room.get(queue) ?? roomFor(turn, queue);
    room.set(queue, left - 1);
    return left > 0 ? [placeOf(callback)] : [];
  });
}

/** The order in which customers are called back. */
export const firstPromised = (a: Callback, b: Callback): number =>
  b.priority - a.priority || a.queuedAt - b.queuedAt || (a.id < b.id ? -1 : 1);

/** How many customers may be called: as many as agents are free, and not waiting for one who is being called already. */
function roomFor({ world, router, now }: Turn, queue: Callback['queue']): number {
  const onTheWay = [...world.calls.values()].filter(
    ({ stage }) => stage.kind === 'calling' && stage.queue === queue && stage.agent === null,
  );
  return router.index.agentsFor(queue, now).free - onTheWay.length;
}

function isDue(turn: Turn, callback: Callback): boolean {
  if (callback.call !== null || callback.notBefore > turn.now) return false;
  // They are still talking to us.
  if (turn.world.calls.get(callback.requestedBy)?.callerGone === false) return false;
  const rules = turn.rules.centre.queues.get(callback.queue)?.callbacks;
  return rules !== undefined && mayCallNow(turn, callback);
}

/** Whether customers may be called at this hour. */
export function mayCallNow(turn: Turn, { queue }: Callback): boolean {
  const hours = turn.rules.centre.queues.get(queue)?.callbacks.hours ?? null;
  return hours === null || turn.rules.calendar(turn.now).inHours(hours);
}

/** It has no visit of its own: the one in which it was promised is over. */
const placeOf = ({ id, requestedBy, queue, hotline, priority, skills, queuedAt }: Callback): Waiting => ({
  visitId: asId<VisitId>(id),
  callId: requestedBy,
  legId: asId<LegId>(''),
  queue,
  hotline,
  priority,
  skills,
  queuedAt,
  beingRung: false,
  callback: id,
});

/** Its turn has come: an agent is free for it. @returns the call that it becomes when the agent is to be rung now */
export function startCallback(turn: Turn, callback: Callback, because: string): Call | null {
  const first = turn.rules.centre.queues.get(callback.queue)?.callbacks.first;
  const nodeId = connectedNode(turn.world);
  if (!first || nodeId === null) return null;
  const { id: callbackId, hotline, queue, number } = callback;
  const legId = turn.ids.next('leg') as LegId;
  const callId = asId<CallId>(legId);
  turn.emit({
    type: 'CallArrived',
    callId,
    legId,
    nodeId,
    source: 'callback',
    callerNumber: number,
    dialledNumber: shownNumber(turn, hotline),
    hotline,
    sipCallId: '',
    agent: null,
  });
  const attempt = callback.attempts + 1;
  turn.emit({
    type: 'CallbackStarted',
    callId,
    callbackId,
    hotline,
    queue,
    number,
    attempt,
    first,
    because,
  });
  const call = turn.world.calls.get(callId);
  if (!call || first === 'agent') return call ?? null;
  callCustomer(turn, call, queue, turn.ids.next('visit') as VisitId, null);
  return null;
}

export const connectedNode = (world: World): NodeId | null =>
  [...world.nodes].find(([, { connected }]) => connected)?.[0] ?? null;

/** Whether this is a callback whose customer has not been called yet: there is no leg of theirs. */
export const customerNotCalled = (world: World, call: Call): boolean =>
  call.callback !== null && !world.legs.has(call.legId);

/** The agent has answered: is told what it is about, and the customer is called. */
export function agentReady(turn: Turn, call: Call, leg: Leg & { role: 'agent' }, ring: Ring): void {
  if (call.stage.kind !== 'waiting') return;
  const { queue, visitId } = call.stage;
  const ringMs = elapsedMs(ring.requestedAt, turn.now);
  turn.changeAgent(
    leg.agent,
    { work: { kind: 'talking', callId: call.id, legId: leg.id, queue, held: false }, missedRings: 0 },
    'answered',
  );
  const agent = { agent: leg.agent, legId: leg.id, bridgeId: ring.bridgeId, ringMs };
  callCustomer(turn, call, queue, visitId, agent);
  const now = turn.world.calls.get(call.id);
  if (now) play(turn, now, [promptForAgent]);
}

function callCustomer(
  turn: Turn,
  call: Call,
  queue: Callback['queue'],
  visitId: VisitId,
  agent: { agent: AgentId; legId: LegId; bridgeId: Ring['bridgeId']; ringMs: number } | null,
): void {
  if (call.callback === null) return;
  turn.emit({
    type: 'CustomerCallRequested',
    callId: call.id,
    callbackId: call.callback,
    legId: call.legId,
    queue,
    visitId,
    agent,
    number: call.callerNumber,
    callerId: call.dialledNumber,
    ringTimeoutMs: customerRingMs,
  });
}

/** The customer has answered: joined with the agent who waits for that, or else next in line. */
export function customerAnswered(turn: Turn, call: Call): void {
  if (call.stage.kind !== 'calling') return;
  const { agent, queue, visitId } = call.stage;
  turn.emit({ type: 'CallPickedUp', callId: call.id, legId: call.legId });
  if (agent === null) return waitInLine(turn, call, queue);
  const leg = turn.world.legs.get(agent.legId);
  if (!leg || leg.hangUpAttempts > 0) return hangUpLeg(turn, call.legId, 'the agent was lost');
  cutPromptShort(turn, call);
  turn.emit({
    type: 'CallConnected',
    callId: call.id,
    visitId,
    queue,
    agent: agent.agent,
    callerLegId: call.legId,
    agentLegId: agent.legId,
    bridgeId: agent.bridgeId,
    waitMs: elapsedMs(call.startedAt, turn.now),
    ringMs: agent.ringMs,
    ...(call.callback !== null && { callback: call.callback }),
  });
  callbackServed(turn, call);
}

function waitInLine(turn: Turn, call: Call, queue: Callback['queue']): void {
  const definition = turn.rules.centre.queues.get(queue);
  const callback = call.callback === null ? undefined : turn.world.callbacks.get(call.callback);
  if (!definition || !callback) return hangUpLeg(turn, call.legId, 'the callback was cancelled');
  const { priority, skills, queuedAt, hotline, id } = callback;
  const place = join(turn.world.lines.get(queue) ?? [], placeOf(callback));
  turn.emit({
    type: 'CallQueued',
    callId: call.id,
    legId: call.legId,
    visitId: turn.ids.next('visit') as VisitId,
    queue,
    hotline,
    priority,
    position: place.findIndex((one) => one.callback === id) + 1,
    waitUntil: after(turn.now, definition.maxWaitMs),
    queuedAt,
    ...(skills.length > 0 && { skills: [...skills] }),
    ...servedAs(turn, queue, call, skills),
    callback: id,
    because: 'called back, as promised',
  });
  play(turn, turn.world.calls.get(call.id) ?? call, [promptForCustomer]);
}

/** Nobody answered the agent's phone: the customer has not been called, and is not kept waiting for the next attempt. */
export function agentMissed(turn: Turn, call: Call): void {
  attemptEnded(turn, call, 'agent-missed');
  endWithoutCustomer(turn, call);
}

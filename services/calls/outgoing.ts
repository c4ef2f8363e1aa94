import { type Agent, stateOf } from '../agents/agent.ts';
import type { CallCommand } from '../agents/call-commands.ts';
import type { CommandResult } from '../agents/commands.ts';
import { asId, type BridgeId, type CallId, type HotlineId, type LegId } from '../events/ids.ts';
import { elapsedMs } from '../events/instant.ts';
import type { OutgoingEnded } from '../events/outgoing.ts';
import type { ConsultParty } from '../events/passing-on.ts';
import type { LegEndReason } from '../events/vocabulary.ts';
import { recordWrapUp } from './agent-requests.ts';
import type { Call, Leg, Stage } from './call.ts';
import { hangUpLeg } from './closing.ts';
import { wrapUp } from './conversation.ts';
import { connectedNode } from './make-callback.ts';
import { shownNumber } from './outside-number.ts';
import { outsideRingMs } from './pass-on.ts';
import { passable, type Refused } from './pass-target.ts';
import { ringResultOf } from './ringing.ts';
import type { Turn } from './turn.ts';

type Outgoing = Extract<Stage, { kind: 'outgoing' }>;

/** How long the agent's own phone rings. */
const ownRingMs = 20_000;

const refused = (code: Refused['code'], message: string): Refused => ({ ok: false, code, message });

/** From the desk: the agent's phone rings; when it is answered, the number is called. A wrap-up is over with it. */
export function dialFromDesk(
  turn: Turn,
  { agent: by, number, hotline }: Extract<CallCommand, { kind: 'dial' }>,
): CommandResult {
  if (!turn.rules.centre.hotlines.has(hotline))
    return refused('unknown-hotline', `there is no hotline ${hotline}`);
  const agent = turn.world.agents.get(by);
  if (!agent || agent.intent.kind === 'signed-out') return refused('not-now', `agent ${by} is not signed in`);
  const busy = agent.work.kind === 'ringing' || agent.work.kind === 'talking';
  if (busy) return refused('not-now', `agent ${by} is in a call already`);
  const device = agent.devices[0];
  if (!device) return refused('phone-unreachable', `no phone of ${by} can be reached`);
  const nodeId = connectedNode(turn.world);
  if (nodeId === null) return refused('not-now', 'Asterisk cannot be reached at the moment');
  const to = partyOf(turn, number);
  const reached = passable(turn, by, to);
  if ('ok' in reached) return reached;
  recordWrapUp(turn, by, 'agent-finished');
  const legId = turn.ids.next('leg') as LegId;
  const callId = asId<CallId>(legId);
  turn.emit({
    type: 'CallArrived',
    callId,
    legId,
    nodeId,
    source: 'agent',
    callerNumber: by,
    dialledNumber: number,
    hotline,
    sipCallId: '',
    agent: by,
    fromDesk: true,
  });
  turn.emit({
    type: 'OutgoingStarted',
    callId,
    agent: by,
    legId,
    bridgeId: turn.ids.next('bridge') as BridgeId,
    to,
    device,
    number,
    ringTimeoutMs: ownRingMs,
  });
  turn.changeAgent(by, { work: { kind: 'ringing', callId, legId, queue: null } }, `calls ${number}`);
  return { ok: true };
}

/**
 * The agent dialled a number on the phone itself. @returns whether it is one that may be called, by somebody who is signed in and in no
 * other call
 */
export function dialFromPhone(turn: Turn, call: Call): boolean {
  const by = call.dialledBy;
  const agent = by === null ? undefined : turn.world.agents.get(by);
  if (call.source !== 'agent' || by === null || !agent || agent.intent.kind === 'signed-out') return false;
  if (agent.work.kind === 'ringing' || agent.work.kind === 'talking') return false;
  const to = partyOf(turn, call.dialledNumber);
  if ('ok' in passable(turn, by, to)) return false;
  recordWrapUp(turn, by, 'agent-finished');
  const { id: callId, legId } = call;
  const number = call.dialledNumber;
  turn.emit({
    type: 'OutgoingStarted',
    callId,
    agent: by,
    legId,
    bridgeId: asId(''),
    to,
    device: null,
    number,
    ringTimeoutMs: 0,
  });
  turn.changeAgent(
    by,
    { work: { kind: 'talking', callId, legId, queue: null, held: false } },
    `dialled ${number}`,
  );
  callParty(turn, callId);
  return true;
}

const partyOf = ({ rules }: Turn, number: string): ConsultParty =>
  rules.centre.agents.has(asId(number))
    ? { kind: 'agent', agent: asId(number) }
    : { kind: 'outside', number };

/** The agent is there: now the other side is called. */
function callParty(turn: Turn, callId: CallId): void {
  const call = turn.world.calls.get(callId);
  if (call?.stage.kind !== 'outgoing') return;
  const { agent, to } = call.stage;
  const device = to.kind === 'agent' ? (turn.world.agents.get(to.agent)?.devices[0] ?? null) : null;
  const reached = passable(turn, agent, to);
  if ('ok' in reached) return hangUpLeg(turn, call.legId, reached.message);
  const legId = turn.ids.next('leg') as LegId;
  const bridgeId = turn.ids.next('bridge') as BridgeId;
  turn.emit({
    type: 'OutgoingDialled',
    callId,
    agent,
    agentLegId: call.legId,
    to,
    device,
    legId,
    bridgeId,
    callerId: to.kind === 'agent' ? agent : shownNumber(turn, call.hotline ?? firstHotline(turn)),
    ringTimeoutMs: outsideRingMs,
  });
  // The agent hears it ring.
  turn.emit({ type: 'PartiesJoined', callId, bridgeId, legIds: [call.legId, legId] });
  if (to.kind === 'agent')
    turn.changeAgent(
      to.agent,
      { work: { kind: 'ringing', callId, legId, queue: null } },
      `called by ${agent}`,
    );
}

const firstHotline = ({ rules }: Turn): HotlineId | null => [...rules.centre.hotlines.keys()][0] ?? null;

/** A leg of a call that an agent makes was answered. @returns whether it was one */
export function outgoingAnswered(turn: Turn, leg: Leg): boolean {
  const call = turn.world.calls.get(leg.callId);
  if (call?.stage.kind !== 'outgoing') return false;
  const { agent, to, party } = call.stage;
  if (leg.hangUpAttempts > 0) return true;
  if (leg.id === call.legId) {
    // Told again after a reconnection, it changes nothing.
    if (party !== null) return true;
    turn.emit({ type: 'CallPickedUp', callId: call.id, legId: leg.id });
    const work = { kind: 'talking', callId: call.id, legId: leg.id, queue: null, held: false } as const;
    turn.changeAgent(agent, { work, missedRings: 0 }, 'answered');
    callParty(turn, call.id);
    return true;
  }
  if (party?.legId !== leg.id || party.connectedAt !== null) return true;
  turn.emit({
    type: 'OutgoingConnected',
    callId: call.id,
    agent,
    agentLegId: call.legId,
    legId: leg.id,
    bridgeId: party.bridgeId,
    ringMs: elapsedMs(party.requestedAt, turn.now),
  });
  if (to.kind === 'agent') {
    const work = { kind: 'talking', callId: call.id, legId: leg.id, queue: null, held: false } as const;
    turn.changeAgent(to.agent, { work, missedRings: 0 }, 'answered');
  }
  return true;
}

/** A leg of a call that an agent makes, or made, has ended: the other one is let go. @returns whether it was one */
export function outgoingLegEnded(turn: Turn, leg: Leg, reason: LegEndReason): boolean {
  const call = turn.world.calls.get(leg.callId);
  if (!call || !isOutgoing(call)) return false;
  const own = leg.id === call.legId;
  const { stage } = call;
  if (stage.kind === 'outgoing') {
    outgoingOver(turn, call, own ? ownEnd(stage, reason) : partyEnd(reason));
    if (own && stage.party) hangUpLeg(turn, stage.party.legId, 'the agent hung up');
    if (!own) hangUpLeg(turn, call.legId, 'the other side hung up');
  }
  freeFrom(turn, leg);
  turn.emit({ type: 'LegEnded', callId: call.id, legId: leg.id, reason });
  if (!own || call.callerGone) return true;
  const weAskedFor = leg.hangUpAttempts > 0 && !('letGo' in leg);
  outgoingCallEnded(turn, call, weAskedFor ? 'caller' : reason === 'normal' ? 'agent' : 'system');
  return true;
}

export function outgoingCallEnded(turn: Turn, call: Call, releaseParty: 'caller' | 'agent' | 'system'): void {
  const spoke = turn.world.calls.get(call.id)?.everAnswered === true;
  turn.emit({
    type: 'CallEnded',
    callId: call.id,
    hotline: call.hotline,
    outcome: spoke ? 'answered' : 'failed',
    releaseParty: spoke ? releaseParty : 'system',
    startedAt: call.startedAt,
    source: 'agent',
  });
}

/** Calls that agents make; those that they make to feature codes and to us are ordinary calls. */
export const isOutgoing = (call: Call): boolean => call.outgoing === true;

/** The conversation, or the attempt at one, is over. */
export function outgoingOver(turn: Turn, call: Call, result: OutgoingEnded['result']): void {
  if (call.stage.kind !== 'outgoing') return;
  const { agent, to, party } = call.stage;
  const since = party?.connectedAt ?? null;
  const talkMs = since === null ? 0 : elapsedMs(since, turn.now);
  const wrapsUp = since !== null && to.kind === 'outside';
  turn.emit({
    type: 'OutgoingEnded',
    callId: call.id,
    agent,
    to,
    result: since === null ? result : 'connected',
    talkMs,
    wrapsUp,
  });
  if (wrapsUp)
    wrapUp(turn, agent, { callId: call.id, queue: null, conversationMs: talkMs }, 'the call is over');
}

/** Whoever has no wrap-up is free when the phone is. */
export function freeFrom(turn: Turn, leg: Leg): void {
  for (const agent of [...turn.world.agents.values()])
    if (isBusyWith(agent, leg)) turn.changeAgent(agent.id, { work: { kind: 'none' } }, 'the call is over');
}

const isBusyWith = (agent: Agent, leg: Leg): boolean =>
  (agent.work.kind === 'ringing' || agent.work.kind === 'talking') &&
  agent.work.legId === leg.id &&
  stateOf(agent) !== 'wrapping-up';

function ownEnd({ party }: Outgoing, reason: LegEndReason): OutgoingEnded['result'] {
  if (party !== null) return 'agent-left';
  return ringResultOf(reason) === 'failed' ? 'failed' : 'agent-missed';
}

function partyEnd(reason: LegEndReason): OutgoingEnded['result'] {
  const result = ringResultOf(reason);
  switch (result) {
    case 'no-answer':
    case 'unreachable':
    case 'failed':
      return result;
    case 'declined':
      return 'busy';
    case 'answered':
    case 'answered-elsewhere':
    case 'caller-left':
      return 'failed';
    default:
      return result satisfies never;
  }
}

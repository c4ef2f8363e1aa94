import { callOf, stateOf } from '../../services/agents/agent.ts';
import { ringsOf } from '../../services/calls/call.ts';
import type { World } from '../../services/calls/world.ts';
import type { HotlineEvent } from '../../services/events/events.ts';
import type { CallId, LegId } from '../../services/events/ids.ts';
import type { Instant } from '../../services/events/instant.ts';
import type { Today } from '../../services/kpi/today.ts';
import { waitsSince } from '../../services/queueing/queue.ts';

/** What must hold after every step; each broken rule in words. (architecture.md, Invariants) */
export function brokenInvariants(
  world: World,
  today: Today,
  /** Where midnight may pass: those who wait since yesterday are not of today. */
  localDay: (at: Instant) => string = () => today.day,
): string[] {
  const broken: string[] = [];
  const rungFor = new Map<string, string>();
  for (const agent of world.agents.values()) {
    const { work } = agent;
    if (work.kind === 'ringing' || work.kind === 'talking') {
      const leg = world.legs.get(work.legId);
      const own = world.calls.get(work.callId)?.dialledBy === agent.id && leg?.role === 'caller';
      if (!own && (leg?.role !== 'agent' || leg.agent !== agent.id))
        broken.push(`agent ${agent.id} is ${work.kind} without a leg`);
      const other = rungFor.get(work.callId);
      const call = world.calls.get(work.callId);
      const active =
        call?.stage.kind === 'talking'
          ? call.stage.agentLegId === work.legId
          : call?.stage.kind === 'waiting'
            ? call.stage.ring?.legId === work.legId
            : false;
      if (active && other) broken.push(`call ${work.callId} has agents ${other} and ${agent.id}`);
      if (active) rungFor.set(work.callId, agent.id);
    }
    if (stateOf(agent) === 'available' && agent.devices.length === 0)
      broken.push(`agent ${agent.id} is available without a phone`);
    if (work.kind === 'talking' && !speaksOn(world, work.callId, work.legId))
      broken.push(`agent ${agent.id} speaks on call ${work.callId}, which does not know`);
    if (callOf(work) === null && work.kind !== 'none')
      broken.push(`agent ${agent.id} is busy without a call`);
  }
  for (const call of world.calls.values()) {
    if (call.callerGone) continue;
    // A customer who is to be called when the agent has answered has no leg yet.
    const notCalledYet = call.callback !== null && !world.legs.has(call.legId);
    if (!world.legs.has(call.legId) && !notCalledYet)
      broken.push(`call ${call.id} has lost its caller's leg`);
    const { stage } = call;
    if (stage.kind === 'waiting') {
      const visit = world.lines.get(stage.queue)?.find((v) => v.visitId === stage.visitId);
      if (!visit && !notCalledYet) broken.push(`call ${call.id} waits in no queue`);
      if (visit && visit.beingRung !== (stage.ring !== null))
        broken.push(`call ${call.id}: queue and call disagree on ringing`);
      for (const ring of ringsOf(stage)) {
        const work = world.agents.get(ring.agent)?.work;
        if (work?.kind !== 'ringing' || work.legId !== ring.legId)
          broken.push(`call ${call.id} rings an agent who does not know`);
      }
    }
    if (stage.kind === 'passing' && stage.ring && world.agents.get(stage.ring.agent)?.work.kind !== 'ringing')
      broken.push(`call ${call.id} is passed on to an agent who does not know`);
    if (call.consult) {
      const { party, legId } = call.consult;
      if (stage.kind !== 'talking') broken.push(`call ${call.id} has advice without a conversation`);
      if (!world.legs.has(legId)) broken.push(`call ${call.id} takes advice from nobody`);
      const work = party.kind === 'agent' ? world.agents.get(party.agent)?.work : null;
      if (work && (work.kind === 'none' || work.kind === 'wrapping-up' || work.legId !== legId))
        broken.push(`call ${call.id} takes advice from an agent who does not know`);
    }
    if (stage.kind === 'talking' && world.agents.get(stage.agent)?.work.kind !== 'talking')
      broken.push(`call ${call.id} talks to an agent who does not know`);
  }
  for (const [queue, line] of world.lines) {
    for (const visit of line) {
      const stage = world.calls.get(visit.callId)?.stage;
      if (stage?.kind !== 'waiting' || stage.visitId !== visit.visitId)
        broken.push(`queue ${queue} holds visit ${visit.visitId} of a call that does not wait`);
    }
    const counts = today.queues[queue];
    const left = counts ? counts.answered + counts.abandoned + counts.flowOut : 0;
    const offered = counts?.offered ?? 0;
    const waiting = line.filter(
      (visit) => visit.callback === undefined && localDay(waitsSince(visit)) === today.day,
    ).length;
    if (offered !== left + waiting)
      broken.push(`queue ${queue}: offered ${offered} ≠ left ${left} + waiting ${waiting}`);
  }
  return broken;
}

/** Whether this leg is the one the call has an agent by: in conversation, asked for advice, or waiting for a customer to be called. */
function speaksOn(world: World, callId: CallId, legId: LegId): boolean {
  const call = world.calls.get(callId);
  if (!call) return false;
  const { stage, consult } = call;
  if (consult?.legId === legId) return true;
  // An agent who called a hotline.
  if (call.dialledBy !== null && call.legId === legId) return true;
  if (stage.kind === 'talking') return stage.agentLegId === legId;
  // An agent who calls somebody is on the line until their own leg ends, also when the other's has.
  if (call.outgoing) return true;
  return stage.kind === 'calling' && stage.agent?.legId === legId;
}

/** Pairs of events that must match one to one once nothing is open any more. */
export function unmatchedEvents(events: readonly HotlineEvent[]): string[] {
  const problems: string[] = [];
  // The wrap-up after a call that an agent made is of no conversation that a queue gave.
  const ofQueues = events.filter((event) => event.type !== 'WrapUpEnded' || event.queue !== null);
  const byType = Map.groupBy(ofQueues, (event) => event.type);
  const match = (
    open: HotlineEvent['type'],
    close: HotlineEvent['type'],
    key: (e: never) => string,
    mayRepeat = false,
  ) => {
    const count = (type: HotlineEvent['type']) => {
      const seen = new Map<string, number>();
      for (const e of byType.get(type) ?? []) seen.set(key(e as never), (seen.get(key(e as never)) ?? 0) + 1);
      return seen;
    };
    const [opened, closed] = [count(open), count(close)];
    for (const name of new Set([...opened.keys(), ...closed.keys()])) {
      const times = opened.get(name);
      if (times !== closed.get(name) || (times !== 1 && !mayRepeat))
        problems.push(`${name}: ${opened.get(name) ?? 0} × ${open}, ${closed.get(name) ?? 0} × ${close}`);
    }
  };
  match('CallArrived', 'CallEnded', (e: { callId: string }) => e.callId);
  match('CallQueued', 'VisitEnded', (e: { visitId: string }) => e.visitId);
  match('AgentRingRequested', 'AgentRingEnded', (e: { legId: string }) => e.legId);
  match('CallConnected', 'ConversationEnded', (e: { agentLegId: string }) => e.agentLegId);
  match(
    'ConversationEnded',
    'WrapUpEnded',
    (e: { callId: string; agent: string }) => `${e.callId}/${e.agent}`,
    true,
  );
  match('OutgoingStarted', 'OutgoingEnded', (e: { callId: string }) => e.callId);
  match('CallPassedOn', 'PassOnEnded', (e: { callId: string; by: string }) => `${e.callId}/${e.by}`, true);
  match('ConsultRequested', 'ConsultEnded', (e: { legId: string }) => e.legId);
  match('LookupRequested', 'LookupEnded', (e: { lookupId: string }) => e.lookupId);
  match('VoicemailStarted', 'VoicemailEnded', (e: { recordingId: string }) => e.recordingId);
  match('TransferRequested', 'TransferEnded', (e: { legId: string }) => e.legId);
  match('CallbackStarted', 'CallbackAttemptEnded', (e: { callId: string }) => e.callId);
  match('PromptStarted', 'PromptFinished', (e: { playbackId: string }) => e.playbackId);
  return problems;
}

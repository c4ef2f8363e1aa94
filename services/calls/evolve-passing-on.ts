import type { EventOf, Recorded } from '../events/events.ts';
import type { CallId } from '../events/ids.ts';
import type { PassingOnEvent } from '../events/passing-on.ts';
import type { Call, Stage } from './call.ts';
import { remember } from './evolve-routing.ts';
import type { World } from './world.ts';

/** Folds what agents do with the caller they speak with into the world. */
export function evolvePassingOn(world: World, event: Recorded<PassingOnEvent>): void {
  const call = world.calls.get(event.callId);
  if (!call) return;
  switch (event.type) {
    case 'CallPassedOn': {
      const { by, to, reason, visitId, queue } = event;
      const stage = {
        kind: 'passing',
        by,
        to,
        reason,
        attempt: 'target',
        visitId,
        queue,
        ring: null,
      } as const;
      return update(world, call.id, { stage, stageSince: event.at, releasedBy: null });
    }
    case 'CallReturning': {
      if (call.stage.kind !== 'passing') return;
      const stage: Stage = { ...call.stage, attempt: 'return', ring: null };
      return update(world, call.id, { stage, stageSince: event.at });
    }
    case 'ConsultRequested': {
      const { to, party, reason, legId, bridgeId } = event;
      return update(world, call.id, {
        consult: {
          to,
          party,
          reason,
          legId,
          bridgeId,
          requestedAt: event.at,
          device: null,
          answeredAt: null,
          speaksWith: 'target',
        },
      });
    }
    case 'ConsultTurned':
      if (call.consult)
        update(world, call.id, { consult: { ...call.consult, speaksWith: event.speaksWith } });
      return;
    case 'ConsultEnded':
      if (event.result === 'completed') return completed(world, call, event);
      return update(world, call.id, { consult: null });
    // What became of it is told by the events that follow.
    case 'PassOnEnded':
    case 'PartyParked':
    case 'PartiesJoined':
    case 'TransferKeyAnswered':
      return;
    default:
      event satisfies never;
  }
}

/** The caller is the target's now. */
function completed(world: World, call: Call, event: EventOf<'ConsultEnded'>): void {
  const { consult, stage: before } = call;
  if (!consult || before.kind !== 'talking') return;
  const { legId, bridgeId, reason, to } = consult;
  const since = consult.answeredAt ?? event.at;
  const shared = {
    consult: null,
    stageSince: event.at,
    releasedBy: null,
  } as const;
  const { visitId, queue } = before;
  if (consult.party.kind === 'agent') {
    remember(world, event, consult.party.agent);
    const stage: Stage = {
      kind: 'talking',
      visitId,
      queue,
      agent: consult.party.agent,
      agentLegId: legId,
      bridgeId,
      since,
      heldSince: null,
      holdMs: 0,
    };
    return update(world, call.id, { ...shared, stage, lastAgent: consult.party.agent });
  }
  const { number } = consult.party;
  update(world, call.id, {
    ...shared,
    stage: { kind: 'passing', by: event.by, to, reason, attempt: 'target', visitId, queue, ring: null },
    transfer: { legId, bridgeId, number, requestedAt: consult.requestedAt, connectedAt: since },
  });
}

/** A phone that no queue rings. */
export function ringDirectly(world: World, event: EventOf<'AgentRingRequested'>): void {
  const call = world.calls.get(event.callId);
  if (!call) return;
  const { agent, device, legId, bridgeId } = event;
  if (event.direct === 'consulted') {
    if (call.consult) update(world, call.id, { consult: { ...call.consult, device } });
  } else if (call.stage.kind === 'passing') {
    const ring = { agent, device, legId, bridgeId, requestedAt: event.at };
    update(world, call.id, { stage: { ...call.stage, ring } });
  }
}

export function ringDirectlyEnded(world: World, event: EventOf<'AgentRingEnded'>): void {
  const stage = world.calls.get(event.callId)?.stage;
  if (stage?.kind === 'passing' && stage.ring?.legId === event.legId)
    update(world, event.callId, { stage: { ...stage, ring: null } });
}

function update(world: World, id: CallId, change: Partial<Call>): void {
  const call = world.calls.get(id);
  if (call) world.calls.set(id, { ...call, ...change });
}

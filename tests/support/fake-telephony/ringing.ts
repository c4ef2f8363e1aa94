import { asId } from '../../../services/events/ids.ts';
import type { LegEndReason } from '../../../services/events/vocabulary.ts';
import type { FakeAsterisk } from './asterisk.ts';
import type { Leg, OrderOf, PhoneBehaviour } from './types.ts';

/** Rings the agent's phone as `ring-agent` says; answers 'gone' when there is no caller any more. */
export function ringAgent(asterisk: FakeAsterisk, order: OrderOf<'ring-agent'>): 'done' | 'gone' {
  // A repeated order; also one that comes after the end of what it had begun.
  if (asterisk.rung.has(order.legId)) return 'done';
  asterisk.rung.add(order.legId);
  if (order.callerLegId !== null && !asterisk.legs.has(order.callerLegId)) return 'gone';
  const leg = agentLeg(order);
  const phone = asterisk.phoneOf(leg);
  const unreachable = !phone?.registered || 'unreachable' in phone.behaviour;
  asterisk.legs.set(leg.id, leg);
  asterisk.bridges.set(order.bridgeId, new Set([leg.id]));
  if (unreachable) {
    asterisk.end(leg, 'unreachable');
    return 'done';
  }
  asterisk.legTimer(leg, order.ringTimeoutMs, () => {
    if (leg.state === 'ringing') asterisk.end(leg, 'no-answer');
  });
  if (phone.leg !== null || 'inUse' in phone.behaviour) {
    asterisk.legTimer(leg, 2, () => asterisk.end(leg, 'busy'));
    return 'done';
  }
  phone.leg = leg.id;
  if ('mute' in phone.behaviour) return 'done';
  asterisk.legTimer(leg, 3, () => {
    const fact = { kind: 'leg-ringing', legId: leg.id } as const;
    asterisk.outbox.tell(leg.id, fact);
    if (asterisk.happens(asterisk.faults.repeatChance)) asterisk.outbox.tell(leg.id, fact);
    react(asterisk, leg, phone.behaviour);
  });
  return 'done';
}

/** Calls an outside number as `dial-out` says. */
export function dialOut(asterisk: FakeAsterisk, order: OrderOf<'dial-out'>): 'done' | 'gone' | 'refused' {
  if (asterisk.rung.has(order.legId)) return 'done';
  if (!asterisk.dialsOut) return 'refused';
  asterisk.rung.add(order.legId);
  if (order.callerLegId !== null && !asterisk.legs.has(order.callerLegId)) return 'gone';
  const { legId, bridgeId, callId, number } = order;
  const leg: Leg = {
    ...agentLeg({
      ...order,
      kind: 'ring-agent',
      agent: asId(''),
      device: 'sip',
      bridgeId: asId(''),
      callerNumber: '',
    }),
    id: legId,
    role: 'outside',
    callId,
    bridge: bridgeId,
    agent: null,
    number,
  };
  if (bridgeId === null) delete leg.ownsBridge;
  else leg.ownsBridge = bridgeId;
  asterisk.legs.set(leg.id, leg);
  if (bridgeId !== null) asterisk.bridges.set(bridgeId, new Set([leg.id]));
  const behaviour = asterisk.outside.get(number) ?? { silent: true };
  asterisk.legTimer(leg, order.ringTimeoutMs, () => {
    if (leg.state === 'ringing') asterisk.end(leg, 'no-answer');
  });
  if ('unreachable' in behaviour || 'inUse' in behaviour) {
    asterisk.legTimer(leg, 2, () => asterisk.end(leg, 'inUse' in behaviour ? 'busy' : 'unreachable'));
    return 'done';
  }
  if ('mute' in behaviour) return 'done';
  asterisk.legTimer(leg, 3, () => {
    asterisk.outbox.tell(leg.id, { kind: 'leg-ringing', legId: leg.id });
    react(asterisk, leg, behaviour);
  });
  return 'done';
}

/** The phone picks up, if it still rings. */
export function phoneAnswers(asterisk: FakeAsterisk, leg: Leg): void {
  if (leg.state === 'ringing' && !leg.vanished && asterisk.legs.has(leg.id)) asterisk.answered(leg);
}

/** The phone refuses, if it still rings. */
export function phoneDeclines(asterisk: FakeAsterisk, leg: Leg, reason: LegEndReason): void {
  if (leg.state === 'ringing' && !leg.vanished) asterisk.end(leg, reason);
}

function react(asterisk: FakeAsterisk, leg: Leg, behaviour: PhoneBehaviour): void {
  if ('answerAfterMs' in behaviour) {
    asterisk.legTimer(leg, behaviour.answerAfterMs, () => {
      phoneAnswers(asterisk, leg);
      const talkMs = behaviour.hangUpAfterMs;
      if (talkMs === undefined) return;
      asterisk.legTimer(leg, talkMs, () => {
        if (!leg.vanished) asterisk.end(leg, 'normal');
      });
    });
  } else if ('declineAfterMs' in behaviour) {
    const reason = behaviour.as ?? 'declined';
    asterisk.legTimer(leg, behaviour.declineAfterMs, () => phoneDeclines(asterisk, leg, reason));
  }
}

function agentLeg(order: OrderOf<'ring-agent'>): Leg {
  return {
    id: order.legId,
    role: 'agent',
    state: 'ringing',
    vanished: false,
    music: false,
    bridge: order.bridgeId,
    ownsBridge: order.bridgeId,
    playing: [],
    recording: null,
    whenSilent: null,
    callId: order.callId,
    agent: order.agent,
    device: order.device,
    number: null,
    timers: new Set(),
  };
}

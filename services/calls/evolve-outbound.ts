import type { HotlineEvent } from '../events/events.ts';
import type { CallbackId, CallId } from '../events/ids.ts';
import { after } from '../events/instant.ts';
import type { OutboundEvent } from '../events/outbound.ts';
import type { Call } from './call.ts';
import { limitsMs, timerId } from './timers.ts';
import type { Callback, World } from './world.ts';

/** Folds the calls that we make into the world. */
export function evolveOutbound(
  world: World,
  event: Extract<HotlineEvent, { type: OutboundEvent['type'] }>,
): void {
  const update = (id: CallId, change: Partial<Call>) => {
    const call = world.calls.get(id);
    if (call) world.calls.set(id, { ...call, ...change });
  };
  const updateCallback = (id: CallbackId, change: Partial<Callback>) => {
    const callback = world.callbacks.get(id);
    if (callback) world.callbacks.set(id, { ...callback, ...change });
  };
  const ringing = (legId: string, ms: number) =>
    world.timers.set(timerId('ring', legId), after(event.at, ms + limitsMs.ringGrace));

  switch (event.type) {
    case 'TransferRequested': {
      const { callId, legId, bridgeId, number } = event;
      const nodeId = world.calls.get(callId)?.nodeId;
      if (nodeId !== undefined)
        world.legs.set(legId, { id: legId, callId, nodeId, role: 'outside', hangUpAttempts: 0 });
      ringing(legId, event.ringTimeoutMs);
      if (event.consult) return;
      return update(callId, {
        transfer: { legId, bridgeId, number, requestedAt: event.at, connectedAt: null },
      });
    }
    case 'TransferConnected': {
      const { transfer, consult } = world.calls.get(event.callId) ?? {};
      world.timers.delete(timerId('ring', event.legId));
      if (consult?.legId === event.legId)
        return update(event.callId, { consult: { ...consult, answeredAt: event.at } });
      if (transfer) update(event.callId, { transfer: { ...transfer, connectedAt: event.at } });
      return;
    }
    case 'TransferEnded':
      world.timers.delete(timerId('ring', event.legId));
      if (world.calls.get(event.callId)?.transfer?.legId !== event.legId) return;
      return update(event.callId, { transfer: null });
    case 'CallbackStarted':
      world.timers.delete(timerId('callback', event.callbackId));
      updateCallback(event.callbackId, { call: event.callId });
      return update(event.callId, { callback: event.callbackId });
    case 'CustomerCallRequested': {
      const { callId, legId, queue, visitId, agent } = event;
      const nodeId = world.calls.get(callId)?.nodeId;
      if (nodeId !== undefined)
        world.legs.set(legId, { id: legId, callId, nodeId, role: 'caller', hangUpAttempts: 0 });
      ringing(legId, event.ringTimeoutMs);
      const stage = { kind: 'calling', queue, visitId, agent } as const;
      return update(callId, { stage, stageSince: event.at });
    }
    case 'CallbackAttemptEnded': {
      const { callbackId, attempts, nextAt } = event;
      updateCallback(callbackId, { attempts, call: null, notBefore: nextAt ?? event.at });
      if (nextAt !== null) world.timers.set(timerId('callback', callbackId), nextAt);
      return;
    }
    case 'CallbackEnded':
      world.timers.delete(timerId('callback', event.callbackId));
      world.callbacks.delete(event.callbackId);
      return;
    default:
      event satisfies never;
  }
}

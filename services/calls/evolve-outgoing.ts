import type { Recorded } from '../events/events.ts';
import { after } from '../events/instant.ts';
import type { OutgoingEvent } from '../events/outgoing.ts';
import type { Leg, Stage } from './call.ts';
import { limitsMs, timerId } from './timers.ts';
import type { World } from './world.ts';

/** Folds the calls that agents make into the world. */
export function evolveOutgoing(world: World, event: Recorded<OutgoingEvent>): void {
  const call = world.calls.get(event.callId);
  if (!call) return;
  const { nodeId } = call;
  const enter = (stage: Stage) => world.calls.set(call.id, { ...call, stage, stageSince: event.at });
  const rings = (leg: Pick<Leg, 'id'>, ms: number) =>
    world.timers.set(timerId('ring', leg.id), after(event.at, ms + limitsMs.ringGrace));
  switch (event.type) {
    case 'OutgoingStarted': {
      const { agent, legId, to, device, ringTimeoutMs } = event;
      if (device !== null) {
        world.legs.set(legId, {
          id: legId,
          callId: call.id,
          nodeId,
          role: 'agent',
          agent,
          hangUpAttempts: 0,
        });
        rings({ id: legId }, ringTimeoutMs);
      }
      const stage: Stage = { kind: 'outgoing', agent, to, device, party: null };
      world.calls.set(call.id, { ...call, stage, stageSince: event.at, outgoing: true, lastAgent: agent });
      return;
    }
    case 'OutgoingDialled': {
      const { to, legId, bridgeId, ringTimeoutMs } = event;
      if (call.stage.kind !== 'outgoing') return;
      const leg = { id: legId, callId: call.id, nodeId, hangUpAttempts: 0 };
      world.legs.set(
        legId,
        to.kind === 'agent' ? { ...leg, role: 'agent', agent: to.agent } : { ...leg, role: 'outside' },
      );
      rings(leg, ringTimeoutMs);
      enter({ ...call.stage, party: { legId, bridgeId, requestedAt: event.at, connectedAt: null } });
      return;
    }
    case 'OutgoingConnected': {
      world.timers.delete(timerId('ring', event.legId));
      if (call.stage.kind !== 'outgoing' || call.stage.party === null) return;
      const stage: Stage = { ...call.stage, party: { ...call.stage.party, connectedAt: event.at } };
      world.calls.set(call.id, { ...call, stage, stageSince: event.at, everAnswered: true });
      return;
    }
    case 'OutgoingEnded':
      enter({ kind: 'closing' });
      return;
    default:
      event satisfies never;
  }
}

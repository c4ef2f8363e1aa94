import type { BridgeId, CallId, LegId } from '../events/ids.ts';
import type { Call } from './call.ts';
import type { Turn } from './turn.ts';

/** Where a party of a call is: in a bridge with others, or alone with music. */
export type Place = BridgeId | 'music';
/** The parties of a conversation, and where each is to be. */
export type Sound = ReadonlyMap<LegId, Place>;

/**
 * Who hears whom, as things are: the one source of it. While an agent takes advice there are two bridges: the agent's own, with the caller, and
 * the target's own; the agent goes from one to the other, and whoever is left hears music. All three meet in the target's, which stays
 * when the agent leaves.
 */
export function soundOf(call: Call): Sound {
  const { stage, consult, transfer } = call;
  if (stage.kind === 'passing') {
    const { legId, bridgeId } = transfer?.connectedAt
      ? transfer
      : { legId: null, bridgeId: 'music' as const };
    return new Map<LegId, Place>([[call.legId, bridgeId], ...(legId ? [[legId, bridgeId] as const] : [])]);
  }
  if (stage.kind !== 'talking') return new Map();
  const { agentLegId: agent, bridgeId: own, heldSince, heldByPhone } = stage;
  if (!consult) {
    const apart = heldSince !== null && !heldByPhone;
    return new Map<LegId, Place>([
      [agent, own],
      [call.legId, apart ? 'music' : own],
    ]);
  }
  const { legId: target, bridgeId: both, speaksWith } = consult;
  switch (speaksWith) {
    case 'target':
      return new Map<LegId, Place>([
        [agent, both],
        [target, both],
        [call.legId, 'music'],
      ]);
    case 'caller':
      return new Map<LegId, Place>([
        [agent, own],
        [call.legId, own],
        [target, 'music'],
      ]);
    case 'all':
      return new Map<LegId, Place>([
        [agent, both],
        [target, both],
        [call.legId, both],
      ]);
    default:
      return speaksWith satisfies never;
  }
}

/** Lets the sound follow what was decided since it was as in `before`. */
export function arrangeSound(turn: Turn, callId: CallId, before: Sound): void {
  const call = turn.world.calls.get(callId);
  if (!call || call.callerGone) return;
  const sound = soundOf(call);
  const bridges = new Set<BridgeId>();
  for (const [legId, place] of sound) {
    const former = before.get(legId);
    if (former === place || !isThere(turn, legId)) continue;
    if (place !== 'music') bridges.add(place);
    else
      turn.emit({
        type: 'PartyParked',
        callId,
        legId,
        outOf: former === undefined || former === 'music' ? null : former,
      });
  }
  for (const bridgeId of bridges) {
    const legIds = membersOf(sound, bridgeId).filter((legId) => isThere(turn, legId));
    turn.emit({ type: 'PartiesJoined', callId, bridgeId, legIds });
  }
}

export const membersOf = (sound: Sound, bridgeId: BridgeId): LegId[] =>
  [...sound].filter(([, place]) => place === bridgeId).map(([legId]) => legId);

const isThere = ({ world }: Turn, legId: LegId): boolean => world.legs.get(legId)?.hangUpAttempts === 0;

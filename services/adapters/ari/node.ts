import { setImmediate } from 'node:timers/promises';
import type { BridgeId, LegId, NodeId, PromptId } from '../../events/ids.ts';
import type { Language } from '../../events/vocabulary.ts';
import type { TelephonyFact } from '../../runtime/telephony-port.ts';
import { endReason } from './causes.ts';
import type { AriClient } from './client.ts';
import { AriError } from './errors.ts';
import type { Leg, Legs } from './legs.ts';
import type { Log } from './log.ts';
import type { OrderQueue } from './order-queue.ts';

/** One Asterisk as the parts of this adapter share it. */
export type Node = {
  readonly nodeId: NodeId;
  readonly app: string;
  readonly client: AriClient;
  readonly legs: Legs;
  readonly queue: OrderQueue<LegId>;
  readonly log: Log;
  connected: boolean;
  /** When the last event came, in milliseconds of a clock that never goes back. */
  heardAtMs: number;
  /** Hands a fact to the controller. Never throws. */
  tell(fact: TelephonyFact): void;
  /** The media name of a prompt. */
  media(prompt: PromptId, language: Language): string;
  /** Whether there is room for one more recording. */
  mayRecord(): boolean;
  /** Whether there is a trunk for calls of ours. */
  readonly dialsOut: boolean;
  /** When an agent's INVITE had been sent, as epoch milliseconds. */
  onAgentInvite(legId: LegId, atEpochMs: number): void;
};

/** All bridges of conversations carry this name, so that those left over by a crash are recognised. */
export const callBridgeName = 'hotline-call';

/** The dialplan's part that serves callers while no controller answers (dialplans/asterisk/extensions.conf). */
export const fallbackContext = 'fallback';

/** Time for Asterisk's own last word on a leg before we conclude its end ourselves. */
const lastWordMs = 1_000;

/** The leg is over: tells it, once, and takes its bridge away. Does nothing when it was over already. */
export function endLeg(node: Node, leg: Leg): void {
  if (!node.legs.remove(leg)) return;
  const othersAlone = takeOthersOut(node, leg);
  node.tell({ kind: 'leg-ended', legId: leg.id, reason: endReason(leg) });
  void othersAlone.then(() => dropBridge(node, leg));
}

/** The caller was taken out of our application into the fallback and lives on there: tells it, once. */
export function leaveCaller(node: Node, leg: Leg): void {
  if (node.legs.remove(leg)) node.tell({ kind: 'taken-to-fallback', legId: leg.id });
}

/**
 * Takes whoever is left out of the bridge of a leg that has ended. What is played to a channel while its bridge is being
 * taken away is never heard, and its end never told (seen on 22.10.1): whatever is ordered for them waits for this.
 */
function takeOthersOut(node: Node, ended: Leg): Promise<unknown> {
  const { bridgeId } = ended;
  if (bridgeId === null || ended.state !== 'up') return Promise.resolve();
  const others = node.legs.all().filter((leg) => {
    if (leg.callId !== ended.callId) return false;
    // After a restart of ours it is not known where a caller is.
    return leg.sitsIn === bridgeId || (leg.bridgeId === null && leg.sitsIn === null);
  });
  for (const leg of others) leg.alone = removeFromBridge(node, leg, bridgeId);
  return Promise.all(others.map((leg) => leg.alone));
}

async function removeFromBridge(node: Node, leg: Leg, bridgeId: BridgeId): Promise<void> {
  // Mostly the call ends with the agent's leg, and the order to hang up is there in a moment: nothing to do then.
  await setImmediate();
  if (leg.doomed || leg.leaving) return;
  if (leg.sitsIn === bridgeId) leg.sitsIn = null;
  try {
    await node.client.call('bridges.removeChannel', { bridgeId, channel: leg.id });
  } catch (error) {
    // Refused: not in it, or gone. It needs no taking out.
    if (!(error instanceof AriError && error.kind === 'refused'))
      node.log.warn({ err: error, legId: leg.id }, 'a party was not taken out of the bridge');
  }
}

/**
 * The leg will probably end by itself; if its last event does not come, ask Asterisk and conclude. An agent's leg that lives on all
 * the same is ended: it can be of no use to anybody, and its phone is not to stay taken.
 */
export function expectEnd(node: Node, leg: Leg): void {
  // However often it is said: one look at a time.
  if (leg.endExpected) return;
  leg.endExpected = true;
  const timer = setTimeout(() => {
    leg.endExpected = false;
    node.client.call('channels.get', { channelId: leg.id }).then(
      () => {
        if (leg.role === 'agent' && node.legs.get(leg.id) === leg) discardChannel(node, leg.id);
      },
      (error: unknown) => {
        if (error instanceof AriError && error.status === 404) endLeg(node, leg);
      },
    );
  }, lastWordMs);
  leg.timers.push(timer);
}

/** The phone of somebody we call says that it rings: tells it once. */
export function markRinging(node: Node, leg: Leg): void {
  if (leg.role === 'caller' || leg.state !== 'new') return;
  leg.state = 'ringing';
  node.tell({ kind: 'leg-ringing', legId: leg.id });
}

/** The other end is there: tells it once. */
export function markUp(node: Node, leg: Leg): void {
  if (leg.state === 'up') return;
  leg.state = 'up';
  node.tell({ kind: 'leg-answered', legId: leg.id });
}

/** Takes an agent's leg's bridge away, also one that is only being made. */
export function dropBridge(node: Node, { bridgeId, bridgeRequest }: Leg): void {
  if (bridgeId !== null) void bridgeRequest.then(() => destroyBridge(node, bridgeId));
}

/** Frees a bridge; one that is not there is fine, one that stays is found by the sweep. */
export function destroyBridge(node: Node, bridgeId: BridgeId): void {
  node.client.call('bridges.destroy', { bridgeId }).catch((error: unknown) => {
    if (!(error instanceof AriError && error.status === 404))
      node.log.warn({ err: error, bridgeId }, 'bridge stays behind');
  });
}

/** Ends a channel that is nobody's leg. */
export function discardChannel(node: Node, channelId: string): void {
  node.client.call('channels.hangup', { channelId }).catch((error: unknown) => {
    if (!(error instanceof AriError && error.status === 404))
      node.log.warn({ err: error, channelId }, 'channel stays behind');
  });
}

import { AriError } from './errors.ts';
import type { Leg } from './legs.ts';
import { callBridgeName, discardChannel, dropBridge, endLeg, type Node } from './node.ts';
import { OrderFailure } from './order-failure.ts';
import type { OrderOf } from './orders.ts';

/**
 * Every one of the three parts prevents a trap: `dtmf_events` keeps digits visible to us, and either of the last two
 * keeps Asterisk from short-cutting the sound (native_rtp), after which digits are no longer seen.
 */
const bridgeType = 'mixing,dtmf_events,proxy_media';

/** How long after the request a channel may take to be handed to us. */
const startTimeoutMs = 5_000;

/** Codecs offered when nobody is on the line yet whose own could be taken. */
const formatsAlone = 'alaw,ulaw,g722';

/** Somebody whom we call: an agent's phone, or an outside number. */
type CallOut = Pick<
  OrderOf<'dial-out'>,
  'legId' | 'bridgeId' | 'callId' | 'callerLegId' | 'ringTimeoutMs'
> & {
  role: 'agent' | 'outside';
  /** As Asterisk dials it. */
  endpoint: string;
  /** Shown to who is called; null: the number of who is on the line. */
  shows: string | null;
};

/**
 * Calls somebody: channel and bridge are made at the same time, the INVITE goes out as soon as the channel is ours (`create`
 * answers before that, and dialling then is refused), and the leg joins its bridge while it rings, so that after the answer
 * only the caller has to be moved.
 *
 * Ends in one of: the leg exists and will end with `leg-ended`; or it fails, nothing is left, and no `leg-ended` follows.
 */
export async function callOut(node: Node, call: CallOut): Promise<void> {
  if (node.legs.get(call.legId) || node.legs.hasEnded(call.legId)) return;
  const { bridgeId, callId, role } = call;
  const leg = node.legs.add({ id: call.legId, role, callId, state: 'new', bridgeId });
  const bridge = bridgeId === null ? null : makeBridge(node, bridgeId);
  if (bridge) leg.bridgeRequest = bridge.catch(() => undefined);
  const refusal = createChannel(node, call).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  // Asterisk may hand the channel over before it answers the request; then the answer no longer matters.
  const refused = await Promise.race([refusal, leg.started.then(() => null)]);
  if (refused) return notCreated(node, leg, refused.error);
  try {
    await dial(node, leg, call);
  } catch (error) {
    // Ended by itself meanwhile (a refusal before we heard that it rings): that end is told, this is no failure.
    if (node.legs.get(leg.id) !== leg) return;
    abandon(node, leg);
    throw error;
  }
  if (bridge === null || bridgeId === null) return;
  leg.inBridge = bridge.then(
    () => joinBridge(node, leg, bridgeId),
    (error: unknown) => {
      node.log.warn({ err: error, bridgeId }, 'bridge not made');
      return false;
    },
  );
}

const makeBridge = (node: Node, bridgeId: string): Promise<unknown> =>
  node.client.call('bridges.createWithId', { bridgeId, type: bridgeType, name: callBridgeName });

function createChannel(node: Node, call: CallOut): Promise<unknown> {
  const { legId, callId, bridgeId, role, endpoint, callerLegId, shows } = call;
  return node.client.call('channels.create', {
    endpoint,
    app: node.app,
    appArgs: `${role},${callId}`,
    channelId: legId,
    // Takes the caller's codec: no transcoding when both speak it.
    ...(callerLegId === null ? { formats: formatsAlone } : { originator: callerLegId }),
    variables: {
      'PJSIP_HEADER(add,X-Call-Id)': callId,
      ...(shows === null ? {} : { 'CONNECTEDLINE(num,i)': shows, 'CONNECTEDLINE(num-pres)': 'allowed' }),
      // Comes back with every event and listing of the channel: who it is, after a restart of ours.
      HOTLINE_CALL: { value: JSON.stringify({ callId, role, bridgeId }), report_events: true },
    },
  });
}

/** No channel came of it. A phone that is not registered shows as a 500 here. */
function notCreated(node: Node, leg: Leg, reason: unknown): void {
  if (reason instanceof AriError && reason.status === 500) {
    leg.cause = 20;
    endLeg(node, leg);
    return;
  }
  abandon(node, leg);
  throw reason;
}

/** Takes back what was begun; a channel that comes late is discarded as it is nobody's leg. */
function abandon(node: Node, leg: Leg): void {
  node.legs.remove(leg);
  discardChannel(node, leg.id);
  dropBridge(node, leg);
}

async function dial(node: Node, leg: Leg, call: CallOut): Promise<void> {
  const timer = setTimeout(() => leg.settleStarted(false), startTimeoutMs);
  leg.timers.push(timer);
  const alive = await leg.started;
  clearTimeout(timer);
  if (!alive) throw new OrderFailure('timed-out', leg.id, `channel ${leg.id} was made but not handed over`);
  // Cancelled in these few milliseconds: the hang-up stands next in the queue.
  if (leg.doomed) return;
  // If we stood still, timers come first, and that the phone was answered meanwhile is still to be read: it is, before this is decided.
  leg.timers.push(setTimeout(() => setImmediate(() => ringOut(node, leg)), call.ringTimeoutMs));
  leg.dialled = true;
  await node.client.call('channels.dial', {
    channelId: leg.id,
    // Whose number is shown otherwise: the caller's.
    ...(call.callerLegId === null || call.shows !== null ? {} : { caller: call.callerLegId }),
    // Whole seconds, and only in case we are gone by then: our own timer comes first.
    timeout: Math.ceil(call.ringTimeoutMs / 1000) + 1,
  });
  if (leg.role === 'agent') node.onAgentInvite(leg.id, Date.now());
}

function ringOut(node: Node, leg: Leg): void {
  if (leg.state === 'up' || node.legs.get(leg.id) !== leg) return;
  leg.rangOut = true;
  discardChannel(node, leg.id);
}

async function joinBridge(node: Node, leg: Leg, bridgeId: string): Promise<boolean> {
  if (leg.doomed) return false;
  try {
    // The phone shows the caller's number already; joining must not rename it.
    await node.client.call('bridges.addChannel', {
      bridgeId,
      channel: leg.id,
      inhibitConnectedLineUpdates: true,
    });
    leg.sitsIn = leg.bridgeId;
    return true;
  } catch (error) {
    if (node.legs.get(leg.id) === leg)
      node.log.warn({ err: error, legId: leg.id }, 'leg not in its bridge yet');
    return false;
  }
}

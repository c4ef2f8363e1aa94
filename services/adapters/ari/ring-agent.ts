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

/**
 * Rings an agent's phone: channel and bridge are made at the same time, the INVITE goes out as soon as the channel is
 * ours (`create` answers before that, and dialling then is refused), and the leg joins its bridge while it rings, so that
 * after the answer only the caller has to be moved.
 *
 * Ends in one of: the leg exists and will end with `leg-ended`; or it fails, nothing is left, and no `leg-ended` follows.
 */
export async function ringAgent(node: Node, order: OrderOf<'ring-agent'>): Promise<void> {
  if (node.legs.get(order.legId) || node.legs.hasEnded(order.legId)) return;
  const { bridgeId, callId } = order;
  const leg = node.legs.add({ id: order.legId, role: 'agent', callId, state: 'new', bridgeId });
  const bridge = node.client.call('bridges.createWithId', {
    bridgeId,
    type: bridgeType,
    name: callBridgeName,
  });
  leg.bridgeRequest = bridge.catch(() => undefined);
  const refusal = createChannel(node, order).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  // Asterisk may hand the channel over before it answers the request; then the answer no longer matters.
  const refused = await Promise.race([refusal, leg.started.then(() => null)]);
  if (refused) return notCreated(node, leg, refused.error);
  try {
    await dial(node, leg, order);
  } catch (error) {
    // Ended by itself meanwhile (a refusal before we heard that it rings): that end is told, this is no failure.
    if (node.legs.get(leg.id) !== leg) return;
    abandon(node, leg);
    throw error;
  }
  leg.inBridge = bridge.then(
    () => joinBridge(node, leg, order),
    (error: unknown) => {
      node.log.warn({ err: error, bridgeId }, 'bridge not made');
      return false;
    },
  );
}

function createChannel(node: Node, order: OrderOf<'ring-agent'>): Promise<unknown> {
  const { legId, callId, bridgeId, agent, device } = order;
  return node.client.call('channels.create', {
    endpoint: `PJSIP/${device === 'web' ? `${agent}-web` : agent}`,
    app: node.app,
    appArgs: `agent,${callId}`,
    channelId: legId,
    // Takes the caller's codec: no transcoding when both speak it.
    originator: order.callerLegId,
    variables: {
      'PJSIP_HEADER(add,X-Call-Id)': callId,
      // Comes back with every event and listing of the channel: who it is, after a restart of ours.
      HOTLINE_CALL: { value: JSON.stringify({ callId, role: 'agent', bridgeId }), report_events: true },
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

async function dial(node: Node, leg: Leg, order: OrderOf<'ring-agent'>): Promise<void> {
  const timer = setTimeout(() => leg.settleStarted(false), startTimeoutMs);
  leg.timers.push(timer);
  const alive = await leg.started;
  clearTimeout(timer);
  if (!alive) throw new OrderFailure('timed-out', leg.id, `channel ${leg.id} was made but not handed over`);
  // Cancelled in these few milliseconds: the hang-up stands next in the queue.
  if (leg.doomed) return;
  leg.timers.push(setTimeout(() => ringOut(node, leg), order.ringTimeoutMs));
  leg.dialled = true;
  await node.client.call('channels.dial', {
    channelId: leg.id,
    caller: order.callerLegId,
    // Whole seconds, and only in case we are gone by then: our own timer comes first.
    timeout: Math.ceil(order.ringTimeoutMs / 1000) + 1,
  });
  node.onAgentInvite(leg.id, Date.now());
}

function ringOut(node: Node, leg: Leg): void {
  if (leg.state === 'up' || node.legs.get(leg.id) !== leg) return;
  leg.rangOut = true;
  discardChannel(node, leg.id);
}

async function joinBridge(node: Node, leg: Leg, order: OrderOf<'ring-agent'>): Promise<boolean> {
  if (leg.doomed) return false;
  try {
    const { bridgeId } = order;
    // The phone shows the caller's number already; joining must not rename it.
    await node.client.call('bridges.addChannel', {
      bridgeId,
      channel: leg.id,
      inhibitConnectedLineUpdates: true,
    });
    return true;
  } catch (error) {
    if (node.legs.get(leg.id) === leg)
      node.log.warn({ err: error, legId: leg.id }, 'agent leg not in its bridge yet');
    return false;
  }
}

import { AriError } from './errors.ts';
import type { Leg } from './legs.ts';
import { endLeg, fallbackContext, leaveCaller, type Node } from './node.ts';

/** The dialplan takes its next step within this time. */
const lookAgainMs = 100;
/** A channel that has neither gone nor come to the fallback by then is not ours any more in any case. */
const mostLooks = 50;

/**
 * A caller's channel has left our application, although nobody hung up: somebody else took it, most likely the supervisor's watchdog,
 * which gave us up for lost. Asterisk's last word on the channel may be older than that, so we look where it is, and tell
 * whether it has ended or lives on in the fallback.
 */
export function seeWhereItWent(node: Node, leg: Leg, looks = 1): void {
  leg.astray = true;
  node.client.call('channels.get', { channelId: leg.id }).then(
    (channel) => {
      if (node.legs.get(leg.id) !== leg) return;
      if (channel.dialplan.context.startsWith(fallbackContext)) return leaveCaller(node, leg);
      if (leg.leaving || looks >= mostLooks) return endLeg(node, leg);
      leg.timers.push(setTimeout(() => seeWhereItWent(node, leg, looks + 1), lookAgainMs));
    },
    (error: unknown) => {
      if (node.legs.get(leg.id) !== leg) return;
      // Gone: its end is told by ChannelDestroyed, too, should that come first.
      if (!(error instanceof AriError && error.status === 404))
        node.log.warn({ err: error, legId: leg.id }, 'where a caller went could not be asked');
      endLeg(node, leg);
    },
  );
}

import { callerNumberOf } from '../../events/caller-number.ts';
import { asId, type LegId } from '../../events/ids.ts';
import { type Instant, instant } from '../../events/instant.ts';
import type { CallSource } from '../../events/vocabulary.ts';
import type { TelephonyFact } from '../../runtime/telephony-port.ts';
import type { Channel } from './generated/ari.ts';
import type { Node } from './node.ts';

/** What the dialplan passes: `arrived,<source>,<dialled>,<endpoint>,<SIP Call-ID>`. */
export type Arrival = { source: CallSource; dialledNumber: string; account: string; sipCallId: string };

const sources: ReadonlySet<string> = new Set<CallSource>(['trunk', 'agent', 'caller']);

/** Reads the application's arguments; null when they are not an arrival's. Only the dialled user may hold commas. */
export function readArrival(args: readonly string[]): Arrival | null {
  const [kind, source = ''] = args;
  if (kind !== 'arrived' || args.length < 5 || !sources.has(source)) return null;
  const endpoint = args.at(-2) ?? '';
  return {
    source: source as CallSource,
    dialledNumber: args.slice(2, -2).join(','),
    account: source === 'agent' ? endpoint.replace(/-web$/, '') : endpoint,
    sipCallId: args.at(-1) ?? '',
  };
}

/** The arguments a channel entered the application with, from a listing; null when it is elsewhere in the dialplan. */
export function applicationArgs(channel: Channel, app: string): string[] | null {
  const { app_name: name, app_data: data } = channel.dialplan;
  if (name !== 'Stasis') return null;
  const [entered, ...args] = data.split(',');
  return entered === app ? args : null;
}

/** A call this old has rung while no controller was there: it began with its INVITE, not when we hear of it. */
const lateAfterMs = 200;
/** Nobody rings for that long: the clocks differ, or one was set. */
const implausiblyLateMs = 10 * 60_000;

/** When the channel began, where that was not just now. */
function beganEarlier({ creationtime }: Channel): Instant | null {
  const at = Date.parse(creationtime);
  const lateMs = Date.now() - at;
  return lateMs > lateAfterMs && lateMs < implausiblyLateMs ? instant(at) : null;
}

/** A caller's leg that we have not told of: tells it. */
export function tellArrived(node: Node, channel: Channel, arrival: Arrival): void {
  const legId = asId<LegId>(channel.id);
  const state = channel.state === 'Up' ? 'up' : 'ringing';
  node.legs
    .add({ id: legId, role: 'caller', callId: asId(channel.id), state, bridgeId: null })
    .settleStarted(true);
  const fact: TelephonyFact = {
    kind: 'arrived',
    nodeId: node.nodeId,
    legId,
    ...arrival,
    callerNumber: callerNumberOf(channel.caller.number),
    sipCallId: arrival.sipCallId === '' ? channel.protocol_id : arrival.sipCallId,
    at: beganEarlier(channel),
  };
  node.tell(fact);
}

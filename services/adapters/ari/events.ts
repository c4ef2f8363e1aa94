import { asId } from '../../events/ids.ts';
import { readArrival, tellArrived } from './arrival.ts';
import type { AriEvent, StasisStart } from './generated/ari.ts';
import { seeWhereItWent } from './left-application.ts';
import {
  discardChannel,
  endLeg,
  expectEnd,
  fallbackContext,
  leaveCaller,
  markRinging,
  markUp,
  type Node,
} from './node.ts';
import { recordingEnded } from './recording.ts';
import { transferAsked } from './transfer-key.ts';

/** The events we want; Asterisk is asked to keep the others (mostly variables and dialplan steps) to itself. */
export const wantedEvents = [
  'StasisStart',
  'StasisEnd',
  'ChannelDestroyed',
  'ChannelHangupRequest',
  'ChannelStateChange',
  'ChannelDtmfReceived',
  'ChannelHold',
  'ChannelUnhold',
  'PlaybackFinished',
  'ChannelTransfer',
  'RecordingFinished',
  'RecordingFailed',
  'ApplicationReplaced',
] as const satisfies readonly AriEvent['type'][];

/** Turns what Asterisk says about channels into facts about legs. Channels that are no leg of ours are passed over. */
export function handleEvent(node: Node, event: AriEvent): void {
  switch (event.type) {
    case 'StasisStart':
      return started(node, event);
    case 'PlaybackFinished':
      return playbackFinished(node, event.playback.id, event.playback.state, event.playback.target_uri);
    case 'RecordingFinished':
    case 'RecordingFailed':
      return recordingEnded(node, event.recording);
    case 'ChannelTransfer':
      return transferAsked(node, event);
    case 'StasisEnd':
    case 'ChannelDestroyed':
    case 'ChannelHangupRequest':
    case 'ChannelStateChange':
    case 'ChannelDtmfReceived':
    case 'ChannelHold':
    case 'ChannelUnhold':
      return legEvent(node, event);
    default:
      // Not asked for; the filter may not be in place yet.
      return;
  }
}

type LegEvent = Extract<
  AriEvent,
  {
    type:
      | 'StasisEnd'
      | 'ChannelDestroyed'
      | 'ChannelHangupRequest'
      | 'ChannelStateChange'
      | 'ChannelDtmfReceived'
      | 'ChannelHold'
      | 'ChannelUnhold';
  }
>;

function legEvent(node: Node, event: LegEvent): void {
  const leg = node.legs.get(event.channel.id);
  if (!leg) return;
  switch (event.type) {
    case 'ChannelStateChange':
      if (event.channel.state === 'Up') markUp(node, leg);
      else if (event.channel.state === 'Ringing') markRinging(node, leg);
      return;
    case 'ChannelDtmfReceived':
      return node.tell({ kind: 'digit', legId: leg.id, digit: event.digit });
    case 'ChannelHold':
      return node.tell({ kind: 'leg-held', legId: leg.id });
    case 'ChannelUnhold':
      return node.tell({ kind: 'leg-resumed', legId: leg.id });
    case 'ChannelHangupRequest':
      leg.cause = event.cause ?? leg.cause;
      leg.leaving = true;
      return expectEnd(node, leg);
    case 'ChannelDestroyed':
      leg.cause = event.cause === 0 ? leg.cause : event.cause;
      return endLeg(node, leg);
    case 'StasisEnd':
      // Of a channel that hangs up we hear no more after this. One we made ourselves follows with its cause.
      if (leg.role === 'caller' && event.channel.dialplan.context === fallbackContext) leaveCaller(node, leg);
      else if (leg.role === 'caller') {
        if (leg.leaving || leg.doomed) endLeg(node, leg);
        else seeWhereItWent(node, leg);
      } else expectEnd(node, leg);
      return;
    default:
      return event satisfies never;
  }
}

function started(node: Node, event: StasisStart): void {
  const { args, channel } = event;
  const known = node.legs.get(channel.id);
  if (known) return known.settleStarted(true);
  if (node.legs.hasEnded(channel.id) && args[0] === 'arrived') return;
  const arrival = readArrival(args);
  if (arrival) return tellArrived(node, channel, arrival);
  // An agent's leg whose request we gave up, or somebody else's channel in our application.
  node.log.warn({ channelId: channel.id, args }, 'a channel that is no leg of ours is ended');
  discardChannel(node, channel.id);
}

function playbackFinished(node: Node, playbackId: string, state: string, target: string): void {
  const leg = node.legs.get(/^channel:(.*)$/.exec(target)?.[1] ?? '');
  if (!leg?.playbacks.delete(asId(playbackId))) return;
  // Cut short by the hang-up itself, and told before it: passed on, it would lead a caller who has left one step further.
  if (leg.leaving && state !== 'done') return;
  node.tell({ kind: 'playback-finished', playbackId: asId(playbackId), legId: leg.id, ok: state === 'done' });
}

import type { AriEvent, Channel, ChannelTransfer } from './generated/ari.ts';

/**
 * Whether all that this adapter reads of an event is there and of the right kind. One that is not is passed over whole: half taken,
 * it would leave a leg that nobody was told of, or a key that is none in the journal. What is not read is not looked at.
 */
export function isWellFormed(event: AriEvent): boolean {
  if ('timestamp' in event && !isTextOrMissing(event.timestamp)) return false;
  switch (event.type) {
    case 'StasisStart':
      return isChannel(event.channel) && Array.isArray(event.args) && event.args.every(isText);
    case 'StasisEnd':
      return isChannel(event.channel) && isText(event.channel.dialplan.context);
    case 'ChannelHold':
    case 'ChannelUnhold':
    case 'ChannelStateChange':
      return isChannel(event.channel);
    case 'ChannelDestroyed':
      return isChannel(event.channel) && Number.isInteger(event.cause);
    case 'ChannelHangupRequest':
      return isChannel(event.channel) && (event.cause === undefined || Number.isInteger(event.cause));
    case 'ChannelDtmfReceived':
      return isChannel(event.channel) && isText(event.digit) && /^[0-9A-D*#]$/.test(event.digit);
    case 'ChannelTransfer':
      return isTransfer(event);
    case 'PlaybackFinished': {
      const { playback } = event;
      return (
        isObject(playback) && isText(playback.id) && isText(playback.state) && isText(playback.target_uri)
      );
    }
    case 'RecordingFinished':
    case 'RecordingFailed': {
      const { recording } = event;
      return (
        isObject(recording) &&
        isText(recording.name) &&
        isText(recording.target_uri) &&
        [recording.duration, recording.talking_duration].every(isWholeOrMissing)
      );
    }
    default:
      return true;
  }
}

function isTransfer({ state, refer_to: to, referred_by: by }: ChannelTransfer): boolean {
  if (!isTextOrMissing(state ?? undefined) || !isObject(to) || !isObject(by)) return false;
  const { requested_destination: requested, destination_channel: other } = to;
  if (!isObject(by.source_channel) || !isText(by.source_channel.id) || !isObject(requested)) return false;
  if (other !== undefined && !(isObject(other) && isText(other.id))) return false;
  return [requested.destination, requested.protocol_id].every(isTextOrMissing);
}

/** The same for a channel, also one in a listing. */
export function isChannel(channel: Channel): boolean {
  if (!isObject(channel) || !isText(channel.id) || channel.id === '') return false;
  const { caller, dialplan } = channel;
  if (!isTextOrMissing(channel.creationtime)) return false;
  if (!isObject(caller) || !isText(caller.number) || !isText(channel.protocol_id)) return false;
  return isObject(dialplan) && isText(dialplan.app_name) && isText(dialplan.app_data);
}

const isWholeOrMissing = (value: unknown): boolean => value === undefined || Number.isInteger(value);
const isTextOrMissing = (value: unknown): boolean => value === undefined || typeof value === 'string';
const isText = (value: unknown): value is string => typeof value === 'string';
const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import { type AmiMessage, text } from '../../services/adapters/ami/message.ts';

/** What is to be done for those the controller left behind: names of channels. */
export type Stranded = {
  /** Callers who hear nobody, the longest here first. */
  readonly callers: readonly string[];
  /** Agents' phones, and numbers outside that we called, that ring, or are up, for nobody. */
  readonly phones: readonly string[];
};

/** A controller that is away has rung nobody lately: one that has, and answers late as its machine is busy, is back. */
const rungLatelySeconds = 4;

/**
 * Finds, in a listing of Asterisk's channels, who waits for a controller that does not answer: callers in its application who share
 * no bridge with anybody (in a menu, waiting, or with a phone ringing for them), and agents' phones it rang or whose
 * caller has left. Conversations, and all that is not the controller's, are left alone.
 */
export function strandedIn(channels: readonly AmiMessage[]): Stranded {
  const inBridge = Map.groupBy(channels, (channel) => text(channel, 'bridgeid'));
  const alone = (channel: AmiMessage): boolean => {
    const bridge = text(channel, 'bridgeid');
    return bridge === '' || (inBridge.get(bridge)?.length ?? 0) < 2;
  };
  const ofController = (role: string) =>
    channels
      .filter((channel) => text(channel, 'application') === 'Stasis')
      .filter((channel) => text(channel, 'applicationdata').startsWith(`hotline,${role},`))
      .filter(alone)
      .sort((a, b) => arrivalOf(a) - arrivalOf(b))
      .map((channel) => text(channel, 'channel'));
  const phones = [...ofController('agent'), ...ofController('outside')];
  const rungLately = new Set(channels.filter(isYoung).map((channel) => text(channel, 'channel')));
  return { callers: ofController('arrived'), phones: phones.filter((phone) => !rungLately.has(phone)) };
}

/** Asterisk tells how long a channel has been there as `00:00:03`. */
function isYoung(channel: AmiMessage): boolean {
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d)$/.exec(text(channel, 'duration')) ?? [];
  if (seconds === undefined) return false;
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds) < rungLatelySeconds;
}

/** When the channel began: its unique id is `<node>-<epoch seconds>.<number>`. */
function arrivalOf(channel: AmiMessage): number {
  const [, seconds = '0', number = '0'] = /(\d+)\.(\d+)$/.exec(text(channel, 'uniqueid')) ?? [];
  return Number(seconds) * 1e6 + Number(number);
}

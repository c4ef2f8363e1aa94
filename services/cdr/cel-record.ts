import type { Instant } from '../events/instant.ts';

/**
 * One event of Asterisk's own account of its channels (channel event logging): the second witness beside our events.
 * Everything a caller can influence (`callerNumber`, `extension`, `appData`) may hold any character.
 */
export type CelRecord = {
  /** CHAN_START, ANSWER, HANGUP, CHAN_END, BRIDGE_ENTER, BRIDGE_EXIT, APP_START, APP_END, LINKEDID_END, USER_DEFINED. */
  type: string;
  /** When it happened, cut to milliseconds. */
  at: Instant;
  /** The name of an event that the dialplan made (USER_DEFINED); '' for all others. */
  userType: string;
  /** The channel's id; for a caller's channel it is also the id of the leg and of the call. */
  uniqueId: string;
  /** The id of the channel with which the call began: all channels of a call share it. */
  linkedId: string;
  /** The channel's name, such as `PJSIP/1001-0000002a`. */
  channel: string;
  callerNumber: string;
  extension: string;
  context: string;
  app: string;
  appData: string;
  /** Names of the others in the bridge, with commas. */
  peer: string;
  /** JSON for Asterisk's own events; the text given for USER_DEFINED. */
  extra: string;
};

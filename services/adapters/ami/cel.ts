import { type AmiMessage, text } from './message.ts';

/** The event this reads. */
export const celEvents = ['CEL'] as const;

/** One line of Asterisk's own account of a channel (channel event logging). */
export type CelEvent = {
  /** CHAN_START, ANSWER, HANGUP, CHAN_END, BRIDGE_ENTER, BRIDGE_EXIT, LINKEDID_END … */
  name: string;
  /** As Asterisk writes it, local time of its machine. */
  eventTime: string;
  uniqueId: string;
  linkedId: string;
  channel: string;
  callerNumber: string;
  extension: string;
  context: string;
};

/** Reads a CEL event; null when the message is another one. */
export function readCel(event: AmiMessage): CelEvent | null {
  if (text(event, 'event').toUpperCase() !== 'CEL') return null;
  return {
    name: text(event, 'eventname'),
    eventTime: text(event, 'eventtime'),
    uniqueId: text(event, 'uniqueid'),
    linkedId: text(event, 'linkedid'),
    channel: text(event, 'channel'),
    callerNumber: text(event, 'calleridnum'),
    extension: text(event, 'exten'),
    context: text(event, 'context'),
  };
}

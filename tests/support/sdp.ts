import { type G711, PAYLOAD_TYPE } from './g711.ts';
import { EVENT_PAYLOAD_TYPE } from './rtp.ts';

/** Which way sound may flow, as the describing side sees it. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** The audio part of a session description (RFC 4566), as far as a G.711 telephone needs it. */
export type AudioDescription = {
  ip: string;
  port: number;
  /** G.711 laws in order of preference. */
  laws: G711[];
  /** Payload type of telephone events, if any. */
  eventType: number | undefined;
  direction: Direction;
};

/** Writes a description; lines end in CRLF. */
export function writeSdp({ ip, port, laws, eventType, direction }: AudioDescription, version = 1): string {
  const types = laws.map((law) => PAYLOAD_TYPE[law]);
  const events =
    eventType === undefined ? [] : [`a=rtpmap:${eventType} telephone-event/8000`, `a=fmtp:${eventType} 0-15`];
  return [
    'v=0',
    `o=- 1 ${version} IN IP4 ${ip}`,
    's=-',
    `c=IN IP4 ${ip}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${[...types, ...(eventType === undefined ? [] : [eventType])].join(' ')}`,
    ...laws.map((law) => `a=rtpmap:${PAYLOAD_TYPE[law]} ${law.toUpperCase()}/8000`),
    ...events,
    'a=ptime:20',
    `a=${direction}`,
    '',
  ].join('\r\n');
}

/** What our telephones offer. */
export function offer(ip: string, port: number, laws: G711[] = ['pcma', 'pcmu']): AudioDescription {
  return { ip, port, laws, eventType: EVENT_PAYLOAD_TYPE, direction: 'sendrecv' };
}

/** Reads the first audio stream, or undefined when there is none (or it was refused with port 0). */
export function readSdp(text: string): AudioDescription | undefined {
  const audio = /^m=audio (\d+) \S+ ([\d ]+)/m.exec(text);
  const ip = /^c=IN IP4 (\S+)/m.exec(text)?.[1];
  if (!audio || !ip || audio[1] === '0') return undefined;
  const laws: G711[] = [];
  for (const type of (audio[2] ?? '').split(' ')) {
    if (type === '0') laws.push('pcmu');
    if (type === '8') laws.push('pcma');
  }
  const event = /^a=rtpmap:(\d+) telephone-event\/8000/m.exec(text)?.[1];
  const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(text)?.[1] as Direction | undefined;
  return {
    ip,
    port: Number(audio[1]),
    laws,
    eventType: event === undefined ? undefined : Number(event),
    direction: direction ?? 'sendrecv',
  };
}

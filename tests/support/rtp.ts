import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { encodeG711, type G711, PAYLOAD_TYPE } from './g711.ts';
import { SAMPLE_RATE_HZ, sine } from './tone.ts';
import { readWav } from './wav.ts';

/** Payload type we offer for telephone events (RFC 4733). */
export const EVENT_PAYLOAD_TYPE = 101;
export const PACKET_MS = 20;
export const PACKET_SAMPLES = (SAMPLE_RATE_HZ * PACKET_MS) / 1_000;
/** Length of a key press, as people press keys. */
export const KEY_MS = 160;
/** Silence after a key before the next one. */
const KEY_GAP_MS = 60;
const KEYS = '0123456789*#ABCD';

export type RtpPacket = {
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  ssrc: number;
  payload: Uint8Array;
};

/** What to put into a pcap, one after the other. */
export type Passage =
  | { toneHz: number; ms: number; dbfs?: number }
  /** Two tones at once: a key as sound, as telephones sent it before there were telephone events. */
  | { tonesHz: readonly [number, number]; ms: number }
  | { dtmf: string; ms?: number }
  | { silenceMs: number }
  | { wav: string };

export function encodeRtp(packet: RtpPacket): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = (packet.marker ? 0x80 : 0) | packet.payloadType;
  header.writeUInt16BE(packet.sequence & 0xffff, 2);
  header.writeUInt32BE(packet.timestamp >>> 0, 4);
  header.writeUInt32BE(packet.ssrc >>> 0, 8);
  return Buffer.concat([header, packet.payload]);
}

/** The packet, or undefined for what isn't RTP version 2 (stray datagrams, STUN, RTCP). */
export function decodeRtp(bytes: Buffer): RtpPacket | undefined {
  const first = bytes[0] ?? 0;
  const second = bytes[1] ?? 0;
  if (bytes.length < 12 || first >> 6 !== 2 || (second >= 200 && second <= 204)) return undefined;
  let start = 12 + 4 * (first & 0x0f);
  if (first & 0x10) start += 4 + 4 * bytes.readUInt16BE(start + 2);
  const padding = first & 0x20 ? (bytes.at(-1) ?? 0) : 0;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    payload: bytes.subarray(start, bytes.length - padding),
  };
}

/**
 * Makes one RTP stream: audio and telephone events share its SSRC, numbering and clock. Asterisk's strict
 * RTP drops keys that come from a second source.
 */
export class Packetiser {
  readonly #ssrc = randomBytes(4).readUInt32BE();
  #sequence = randomBytes(2).readUInt16BE();
  #timestamp = randomBytes(4).readUInt32BE();
  #keyStartedAt = 0;
  readonly #law: G711;
  readonly #eventType: number;

  constructor(law: G711, eventType = EVENT_PAYLOAD_TYPE) {
    this.#law = law;
    this.#eventType = eventType;
  }

  /** The next 20 ms as sound. */
  audio(samples: Int16Array, marker = false): RtpPacket {
    const payload = encodeG711(this.#law, samples);
    const packet = this.#packet(PAYLOAD_TYPE[this.#law], marker, this.#timestamp, payload);
    this.#timestamp += samples.length;
    return packet;
  }

  /** The next 20 ms pass without a packet. */
  skip(): void {
    this.#timestamp += PACKET_SAMPLES;
  }

  /** The next 20 ms of a pressed key: `elapsedMs` since it went down. The last 20 ms are sent three times. */
  key(key: string, elapsedMs: number, lengthMs: number): RtpPacket[] {
    const event = KEYS.indexOf(key.toUpperCase());
    if (event < 0 || key.length !== 1) throw new Error(`"${key}" is not a telephone key`);
    if (elapsedMs === 0) this.#keyStartedAt = this.#timestamp;
    this.#timestamp += PACKET_SAMPLES;
    const last = elapsedMs + PACKET_MS >= lengthMs;
    const duration = this.#timestamp - this.#keyStartedAt;
    const payload = Uint8Array.of(event, (last ? 0x80 : 0) | 10, (duration >> 8) & 0xff, duration & 0xff);
    return Array.from({ length: last ? 3 : 1 }, () =>
      this.#packet(this.#eventType, elapsedMs === 0, this.#keyStartedAt, payload),
    );
  }

  #packet(payloadType: number, marker: boolean, timestamp: number, payload: Uint8Array): RtpPacket {
    const sequence = this.#sequence;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return { payloadType, marker, sequence, timestamp, ssrc: this.#ssrc, payload };
  }
}

/** Packets of a script with the time each is due. */
export function* packets(
  script: Passage[],
  law: G711 = 'pcma',
): Generator<{ atMs: number; packet: RtpPacket }> {
  const stream = new Packetiser(law);
  let atMs = 0;
  for (const passage of script) {
    for (const slot of slots(passage)) {
      const due =
        'key' in slot ? stream.key(slot.key, slot.elapsedMs, slot.lengthMs) : [stream.audio(slot.samples)];
      for (const packet of due) yield { atMs, packet };
      atMs += PACKET_MS;
    }
  }
}

/** Writes a capture file of the script, as sipp's `play_pcap_audio` wants it. */
export function pcap(script: Passage[], file: string, law: G711 = 'pcma'): void {
  const chunks = [pcapHeader()];
  for (const { atMs, packet } of packets(script, law)) chunks.push(pcapRecord(atMs, encodeRtp(packet)));
  writeFileSync(file, Buffer.concat(chunks));
}

/** Twenty milliseconds of a script: sound, or part of a pressed key. */
export type Slot = { samples: Int16Array } | { key: string; elapsedMs: number; lengthMs: number };

export function* slots(passage: Passage): Generator<Slot> {
  if ('dtmf' in passage) {
    for (const key of passage.dtmf) {
      const lengthMs = passage.ms ?? KEY_MS;
      for (let elapsedMs = 0; elapsedMs < lengthMs; elapsedMs += PACKET_MS)
        yield { key, elapsedMs, lengthMs };
      yield* slots({ silenceMs: KEY_GAP_MS });
    }
    return;
  }
  const samples = soundOf(passage);
  for (let at = 0; at < samples.length; at += PACKET_SAMPLES) {
    const chunk = new Int16Array(PACKET_SAMPLES);
    chunk.set(samples.subarray(at, at + PACKET_SAMPLES));
    yield { samples: chunk };
  }
}

function soundOf(passage: Exclude<Passage, { dtmf: string }>): Int16Array {
  if ('silenceMs' in passage) return new Int16Array((passage.silenceMs * SAMPLE_RATE_HZ) / 1_000);
  if ('toneHz' in passage)
    return sine(passage.toneHz, (passage.ms * SAMPLE_RATE_HZ) / 1_000, { dbfs: passage.dbfs ?? -8 });
  if ('tonesHz' in passage) {
    const length = (passage.ms * SAMPLE_RATE_HZ) / 1_000;
    const [low, high] = passage.tonesHz.map((hz) => sine(hz, length, { dbfs: -12 }));
    return Int16Array.from({ length }, (_, i) => (low?.[i] ?? 0) + (high?.[i] ?? 0));
  }
  const { samples, sampleRateHz } = readWav(passage.wav);
  if (sampleRateHz !== SAMPLE_RATE_HZ)
    throw new Error(`${passage.wav}: ${sampleRateHz} Hz; a caller speaks 8000 Hz`);
  return samples;
}

function pcapHeader(): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20); // Ethernet: sipp reads no other link type
  return header;
}

function pcapRecord(atMs: number, rtp: Buffer): Buffer {
  const frame = Buffer.alloc(14 + 20 + 8);
  frame.writeUInt16BE(0x0800, 12);
  frame[14] = 0x45;
  frame.writeUInt16BE(28 + rtp.length, 16);
  frame[22] = 64;
  frame[23] = 17; // UDP
  frame.set([127, 0, 0, 1, 127, 0, 0, 1], 26);
  frame.writeUInt16BE(6_000, 34);
  frame.writeUInt16BE(6_000, 36);
  frame.writeUInt16BE(8 + rtp.length, 38);
  const record = Buffer.alloc(16);
  record.writeUInt32LE(Math.floor(atMs / 1_000), 0);
  record.writeUInt32LE((atMs % 1_000) * 1_000, 4);
  record.writeUInt32LE(frame.length + rtp.length, 8);
  record.writeUInt32LE(frame.length + rtp.length, 12);
  return Buffer.concat([record, frame, rtp]);
}

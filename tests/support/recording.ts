import { decodeG711, type G711, PAYLOAD_TYPE } from './g711.ts';
import type { RtpPacket } from './rtp.ts';
import { SAMPLE_RATE_HZ } from './tone.ts';
import { type Sound, writeWav } from './wav.ts';

/** Longest recording kept (30 minutes, 29 MB); later sound is dropped. */
const LONGEST_SAMPLES = 30 * 60 * SAMPLE_RATE_HZ;
/** A packet whose clock disagrees with its arrival by more than this begins a new stretch of sound. */
const CLOCK_JUMP_SAMPLES = SAMPLE_RATE_HZ / 5;
const KEYS = '0123456789*#ABCD';

/**
 * What one end of a call heard, on a time line that begins when the recording begins: silence where nothing
 * arrived, sound where its RTP clock puts it.
 */
export class Recording {
  /** Epoch milliseconds of sample 0. */
  readonly startedAt = Date.now();
  /** Keys received as telephone events (RFC 4733). */
  keys = '';
  /** Audio packets received. */
  packetCount = 0;
  readonly #zero = performance.now();
  #samples = new Int16Array(SAMPLE_RATE_HZ * 10);
  #length = 0;
  #stream: { ssrc: number; timestamp: number; position: number } | undefined;
  #keyTimestamp: number | undefined;

  add(packet: RtpPacket, eventType: number): void {
    if (packet.payloadType === eventType) {
      this.#addKey(packet);
      return;
    }
    const law = lawOf(packet.payloadType);
    if (!law) return;
    this.packetCount += 1;
    this.#place(decodeG711(law, packet.payload), this.#positionOf(packet));
  }

  /** The whole recording, or its part from `fromMs` on. */
  sound(fromMs = 0, toMs = Number.POSITIVE_INFINITY): Sound {
    const end = Math.min(this.#length, (toMs * SAMPLE_RATE_HZ) / 1_000);
    return { samples: this.#samples.subarray(toSample(fromMs), end), sampleRateHz: SAMPLE_RATE_HZ };
  }

  /** How much sound there is so far. */
  get lengthMs(): number {
    return (this.#length * 1_000) / SAMPLE_RATE_HZ;
  }

  /** Where on this recording's time line an epoch time lies. */
  msAt(epochMs: number): number {
    return epochMs - this.startedAt;
  }

  writeWav(file: string): void {
    writeWav(file, this.sound());
  }

  #positionOf({ ssrc, timestamp }: RtpPacket): number {
    const arrived = toSample(performance.now() - this.#zero);
    const byClock =
      this.#stream?.ssrc === ssrc
        ? this.#stream.position + ((timestamp - this.#stream.timestamp) | 0)
        : Number.POSITIVE_INFINITY;
    const position = Math.abs(byClock - arrived) <= CLOCK_JUMP_SAMPLES ? byClock : arrived;
    this.#stream = { ssrc, timestamp, position };
    return position;
  }

  #place(samples: Int16Array, position: number): void {
    const end = position + samples.length;
    if (end > LONGEST_SAMPLES || position < 0) return;
    if (end > this.#samples.length) {
      const larger = new Int16Array(Math.max(end, this.#samples.length * 2));
      larger.set(this.#samples);
      this.#samples = larger;
    }
    this.#samples.set(samples, position);
    this.#length = Math.max(this.#length, end);
  }

  #addKey({ timestamp, payload }: RtpPacket): void {
    if (timestamp === this.#keyTimestamp) return;
    this.#keyTimestamp = timestamp;
    this.keys += KEYS[payload[0] ?? 255] ?? '';
  }
}

function lawOf(payloadType: number): G711 | undefined {
  if (payloadType === PAYLOAD_TYPE.pcmu) return 'pcmu';
  if (payloadType === PAYLOAD_TYPE.pcma) return 'pcma';
  return undefined;
}

function toSample(ms: number): number {
  return Math.max(0, Math.round((ms * SAMPLE_RATE_HZ) / 1_000));
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeG711, encodeG711 } from '../support/g711.ts';
import { decodeRtp, packets, pcap } from '../support/rtp.ts';
import { SAMPLE_RATE_HZ, sine, toneLevelDbfs, toneMs, toneStartMs } from '../support/tone.ts';
import { readWav, writeWav } from '../support/wav.ts';

// The meters by which the system tests judge sound.

const folder = mkdtempSync(join(tmpdir(), 'test-sound-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const sound = (samples: Int16Array) => ({ samples, sampleRateHz: SAMPLE_RATE_HZ });

describe('G.711', () => {
  test.each(['pcmu', 'pcma'] as const)(
    '%s keeps a tone within 0.1 dB, and every byte survives a round trip',
    (law) => {
      const heard = decodeG711(law, encodeG711(law, sine(440, 8_000, { dbfs: -8 })));
      expect(toneLevelDbfs(sound(heard), 440)).toBeCloseTo(-8, 1);
      const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      // µ-law has two zeros; the negative one (0x7f) comes back as the positive.
      const expected = everyByte.map((byte) => (law === 'pcmu' && byte === 0x7f ? 0xff : byte));
      expect(encodeG711(law, decodeG711(law, everyByte))).toEqual(expected);
    },
  );
});

describe('the tone meter', () => {
  test('tells one tone from another', () => {
    const samples = sine(650, 8_000, { dbfs: -12 });
    expect(toneLevelDbfs(sound(samples), 650)).toBeCloseTo(-12, 1);
    expect(toneLevelDbfs(sound(samples), 450)).toBeLessThan(-60);
    expect(toneMs(sound(samples), 650)).toBe(1_000);
  });

  test('finds the beginning of a tone to 2 ms', () => {
    const samples = new Int16Array(8_000);
    samples.set(sine(600, 8_000 - 2_616), 2_616); // 327 ms
    expect(Math.abs((toneStartMs(sound(samples), 600) ?? 0) - 327)).toBeLessThanOrEqual(2);
  });
});

test('a wav file comes back as it was written', () => {
  const file = join(folder, 'tone.wav');
  writeWav(file, sound(sine(440, 800)));
  expect(readWav(file)).toEqual(sound(sine(440, 800)));
});

describe('an RTP stream', () => {
  const stream = [...packets([{ toneHz: 600, ms: 100 }, { dtmf: '0' }, { silenceMs: 40 }])];

  test('has one source, gapless numbers, and a clock that never runs backwards', () => {
    const first = stream[0]?.packet;
    expect(new Set(stream.map(({ packet }) => packet.ssrc)).size).toBe(1);
    stream.forEach(({ packet }, i) => {
      expect(packet.sequence).toBe(((first?.sequence ?? 0) + i) & 0xffff);
    });
    const clock = stream.map(({ packet }) => (packet.timestamp - (first?.timestamp ?? 0)) >>> 0);
    expect(clock).toEqual([...clock].sort((a, b) => a - b));
  });

  test('presses 0 for 160 ms: one event time, growing duration, its end three times (RFC 4733 §2.5.1)', () => {
    const keys = stream.map(({ packet }) => packet).filter(({ payloadType }) => payloadType === 101);
    expect(new Set(keys.map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(keys.map(({ marker }) => marker)).toEqual([true, ...Array(9).fill(false)]);
    const durations = keys.map(({ payload }) => ((payload[2] ?? 0) << 8) | (payload[3] ?? 0));
    expect(durations).toEqual([160, 320, 480, 640, 800, 960, 1120, 1280, 1280, 1280]);
    expect(keys.filter(({ payload }) => (payload[1] ?? 0) & 0x80)).toHaveLength(3);
  });

  test('is written as a capture file', () => {
    const file = join(folder, 'script.pcap');
    pcap([{ toneHz: 600, ms: 100 }, { dtmf: '0' }], file);
    const bytes = readFileSync(file);
    expect(bytes.readUInt32LE(0)).toBe(0xa1b2c3d4);
    const firstLength = bytes.readUInt32LE(24 + 8);
    expect(decodeRtp(bytes.subarray(24 + 16 + 42, 24 + 16 + firstLength))).toMatchObject({ payloadType: 8 });
  });
});

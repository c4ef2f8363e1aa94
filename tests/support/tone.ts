import type { Sound } from './wav.ts';

/** Telephone sound everywhere in these tests. */
export const SAMPLE_RATE_HZ = 8_000;

/** A sine: 0 dBFS is a sine that just reaches full scale. `fromSample` keeps the phase across chunks. */
export function sine(toneHz: number, length: number, { dbfs = -8, fromSample = 0 } = {}): Int16Array {
  const amplitude = 32_767 * 10 ** (dbfs / 20);
  const step = (2 * Math.PI * toneHz) / SAMPLE_RATE_HZ;
  return Int16Array.from({ length }, (_, i) => Math.round(amplitude * Math.sin(step * (fromSample + i))));
}

/**
 * Level of one tone in dBFS by the Goertzel algorithm (0 = a full-scale sine, -Infinity = none of it).
 * Over 20 ms the filter is 50 Hz wide: choose tones that are multiples of 50 Hz apart.
 */
export function toneLevelDbfs({ samples, sampleRateHz }: Sound, toneHz: number): number {
  if (samples.length === 0) return Number.NEGATIVE_INFINITY;
  const coefficient = 2 * Math.cos((2 * Math.PI * toneHz) / sampleRateHz);
  let previous = 0;
  let beforeThat = 0;
  for (const sample of samples) {
    const now = sample + coefficient * previous - beforeThat;
    beforeThat = previous;
    previous = now;
  }
  const power = previous ** 2 + beforeThat ** 2 - coefficient * previous * beforeThat;
  const amplitude = (2 * Math.sqrt(Math.max(power, 0))) / samples.length;
  return amplitude < 0.01 ? Number.NEGATIVE_INFINITY : 20 * Math.log10(amplitude / 32_767);
}

export type ToneLevel = { atMs: number; dbfs: number };

/** The level of one tone in each window of the sound. */
export function toneLevels(sound: Sound, toneHz: number, { windowMs = 20, stepMs = 20 } = {}): ToneLevel[] {
  const windowLength = samplesIn(sound, windowMs);
  const step = Math.max(1, samplesIn(sound, stepMs));
  const levels: ToneLevel[] = [];
  for (let start = 0; start + windowLength <= sound.samples.length; start += step) {
    const window = { ...sound, samples: sound.samples.subarray(start, start + windowLength) };
    levels.push({ atMs: (start * 1_000) / sound.sampleRateHz, dbfs: toneLevelDbfs(window, toneHz) });
  }
  return levels;
}

/** Milliseconds (in whole 20 ms windows) during which the tone was at least `minDbfs` loud. */
export function toneMs(sound: Sound, toneHz: number, minDbfs = -20): number {
  return toneLevels(sound, toneHz).filter(({ dbfs }) => dbfs >= minDbfs).length * 20;
}

/**
 * When the tone begins, to about 2 ms, or undefined if it never does: what was clipped at the start of a
 * conversation is this time minus the time of the answer.
 */
export function toneStartMs(sound: Sound, toneHz: number, minDbfs = -20): number | undefined {
  const coarse = toneLevels(sound, toneHz).find(({ dbfs }) => dbfs >= minDbfs);
  if (!coarse) return undefined;
  const from = Math.max(0, samplesIn(sound, coarse.atMs - 20));
  const near = { ...sound, samples: sound.samples.subarray(from, samplesIn(sound, coarse.atMs + 60)) };
  const fine = toneLevels(near, toneHz, { stepMs: 1 });
  const loudest = Math.max(...fine.map(({ dbfs }) => dbfs));
  // A window half filled by the tone is 6 dB below a full one: its middle is where the tone begins.
  const half = fine.find(({ dbfs }) => dbfs >= loudest - 6);
  return half && (from * 1_000) / sound.sampleRateHz + half.atMs + 10;
}

/** Level of everything in the sound, in dBFS (a full-scale sine reads 0). */
export function loudnessDbfs({ samples }: Sound): number {
  const sumOfSquares = samples.reduce((sum, sample) => sum + sample * sample, 0);
  const amplitude = Math.sqrt((2 * sumOfSquares) / Math.max(samples.length, 1));
  return amplitude < 0.01 ? Number.NEGATIVE_INFINITY : 20 * Math.log10(amplitude / 32_767);
}

function samplesIn(sound: Sound, ms: number): number {
  return Math.round((ms * sound.sampleRateHz) / 1_000);
}

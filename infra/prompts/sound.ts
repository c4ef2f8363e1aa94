import { type SpeechLevel, speechLevel } from './level.ts';

/** Speech level of every prompt, so that none is louder than the next or than people. */
export const targetDbfs = -22;
/** One below the promised −3. */
const limitDbfs = -4;
const mostPasses = 6;
const closeEnoughDb = 0.1;

/** Brings speech to the target. The limiter takes a little of the level away, so it goes by steps. Pure. */
export function levelled(samples: Int16Array, rateHz: number): Int16Array {
  let gainDb = targetDbfs - speechLevel(samples, rateHz).activeRmsDbfs;
  if (!Number.isFinite(gainDb)) return samples;
  let result = limited(samples, gainDb, rateHz);
  for (let pass = 1; pass < mostPasses; pass++) {
    const offDb: number = targetDbfs - (speechLevel(result, rateHz) satisfies SpeechLevel).activeRmsDbfs;
    if (Math.abs(offDb) < closeEnoughDb) break;
    gainDb += offDb;
    result = limited(samples, gainDb, rateHz);
  }
  return result;
}

/** Louder or softer; where that would go past the limit the gain dips, smoothly, from a little before until a little after. */
function limited(samples: Int16Array, gainDb: number, rateHz: number): Int16Array {
  const gain = 10 ** (gainDb / 20);
  const limit = 32_768 * 10 ** (limitDbfs / 20);
  const reach = Math.round(rateHz * 0.001);
  const dips = new Float32Array(samples.length).fill(1);
  samples.forEach((sample, at) => {
    const peak = Math.abs(sample) * gain;
    if (peak <= limit) return;
    // Held for two reaches each way: the mean over one reach each way then is never above what is needed here.
    const to = Math.min(samples.length - 1, at + reach);
    for (let i = Math.max(0, at - reach); i <= to; i++) dips[i] = Math.min(dips[i] ?? 1, limit / peak);
  });
  const smooth = movingMean(dips, reach);
  return samples.map((sample, at) => Math.round(sample * gain * (smooth[at] ?? 1)));
}

/** The mean over `reach` values each way; fewer at the ends. */
function movingMean(values: Float32Array, reach: number): Float32Array {
  const means = new Float32Array(values.length);
  let sum = 0;
  let count = 0;
  for (let at = -reach; at < values.length; at++) {
    const coming = values[at + reach];
    if (coming !== undefined) {
      sum += coming;
      count++;
    }
    const going = values[at - reach - 1];
    if (going !== undefined) {
      sum -= going;
      count--;
    }
    if (at >= 0) means[at] = count > 0 ? sum / count : 1;
  }
  return means;
}

const taps = 63;
const cutoff = 0.235; // of the rate: 3.76 kHz at 16 kHz

/** Half the rate: a low-pass below the new half rate, then every second sample. Pure. */
export function halved(samples: Int16Array): Int16Array {
  const result = new Int16Array(Math.ceil(samples.length / 2));
  const middle = (taps - 1) / 2;
  for (let at = 0; at < result.length; at++) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) sum += (lowPass[tap] ?? 0) * (samples[at * 2 + tap - middle] ?? 0);
    result[at] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
  return result;
}

/** A windowed sinc (Blackman), of gain 1 at 0 Hz. */
const lowPass = ((): Float64Array => {
  const middle = (taps - 1) / 2;
  const raw = Float64Array.from({ length: taps }, (_, tap) => {
    const x = tap - middle;
    const sinc = x === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * x) / (Math.PI * x);
    const turn = (2 * Math.PI * tap) / (taps - 1);
    return sinc * (0.42 - 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn));
  });
  const sum = raw.reduce((total, value) => total + value, 0);
  return raw.map((value) => value / sum);
})();

/** A WAV file of 16-bit mono samples. */
export function wavFile(samples: Int16Array, rateHz: number): Buffer {
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE(rateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

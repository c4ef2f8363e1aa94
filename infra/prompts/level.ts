/** Loudness of speech as callers perceive it: pauses do not count. dBFS, root mean square. */
export type SpeechLevel = { activeRmsDbfs: number; peakDbfs: number };

const WINDOW_MS = 20;
/** Windows this far below the loudest one are pauses. */
const PAUSE_BELOW_LOUDEST_DB = 30;

/** Measures 16-bit signed mono samples. Pure. Silence has the level -Infinity. */
export function speechLevel(samples: Int16Array, rateHz: number): SpeechLevel {
  const size = Math.max(1, Math.round((rateHz * WINDOW_MS) / 1000));
  const powers: number[] = [];
  let peak = 0;
  for (let start = 0; start < samples.length; start += size) {
    const window = samples.subarray(start, start + size);
    let sum = 0;
    for (const sample of window) {
      const value = sample / 32_768;
      sum += value * value;
      peak = Math.max(peak, Math.abs(value));
    }
    powers.push(sum / window.length);
  }
  const loudest = powers.reduce((max, power) => Math.max(max, power), 0);
  const active = powers.filter((power) => power > loudest / 10 ** (PAUSE_BELOW_LOUDEST_DB / 10));
  const mean = active.reduce((sum, power) => sum + power, 0) / Math.max(1, active.length);
  return { activeRmsDbfs: 10 * Math.log10(mean), peakDbfs: 20 * Math.log10(peak) };
}

/**
 * Music for callers who wait: a slow broken-chord melody of soft tones, made by arithmetic so that it belongs to nobody.
 * It loops without a click: the last note has faded before the end.
 */

/** Half a minute: sixteen bars of four notes. */
export const musicSeconds = 32;
const noteSeconds = 0.5;
/** Active level wanted, in dB below full scale. Quiet: it is heard for minutes, at the ear. */
const levelDbfs = -25;

// C major pentatonic, as semitones above A3: every succession of these sounds harmless.
const chords = [
  [3, 7, 10, 15],
  [0, 3, 7, 12],
  [5, 8, 12, 17],
  [-2, 2, 5, 10],
];

/** The melody as 16-bit mono samples. */
export function melody(sampleRate: number): Int16Array {
  const mix = new Float64Array(sampleRate * musicSeconds);
  const notes = musicSeconds / noteSeconds - 4;
  for (let note = 0; note < notes; note++) {
    const chord = chords[Math.floor(note / 8) % chords.length] ?? [];
    const semitone = chord[[0, 1, 2, 3, 2, 1, 2, 1][note % 8] ?? 0] ?? 0;
    addNote(mix, sampleRate, note * noteSeconds, 220 * 2 ** (semitone / 12));
  }
  const rms = Math.sqrt(mix.reduce((sum, value) => sum + value * value, 0) / mix.length);
  const gain = (10 ** (levelDbfs / 20) * 32768) / rms;
  return Int16Array.from(mix, (value) => Math.round(value * gain));
}

function addNote(mix: Float64Array, sampleRate: number, startSeconds: number, hertz: number): void {
  const start = Math.round(startSeconds * sampleRate);
  const samples = Math.min(2.5 * sampleRate, mix.length - start);
  for (let i = 0; i < samples; i++) {
    const t = i / sampleRate;
    const envelope =
      Math.min(1, t / 0.04) * Math.exp(-2.2 * t) * Math.min(1, (samples - i) / (0.05 * sampleRate));
    const wave = Math.sin(2 * Math.PI * hertz * t) + 0.25 * Math.sin(4 * Math.PI * hertz * t);
    mix[start + i] = (mix[start + i] ?? 0) + envelope * wave;
  }
}

/** A short tone that says "speak now": 16-bit mono samples. */
export function beep(sampleRate: number): Int16Array {
  const samples = Math.round(0.25 * sampleRate);
  const ramp = 0.01 * sampleRate;
  return Int16Array.from({ length: samples }, (_, i) => {
    const envelope = Math.min(1, i / ramp, (samples - 1 - i) / ramp);
    return Math.round(envelope * 6_000 * Math.sin((2 * Math.PI * 1_000 * i) / sampleRate));
  });
}

/** A RIFF WAVE file of 16-bit mono samples. */
export function wavFile(samples: Int16Array, sampleRate: number): Buffer {
  const header = Buffer.alloc(44);
  const dataBytes = samples.length * 2;
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(dataBytes, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, dataBytes)]);
}

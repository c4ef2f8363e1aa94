import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Program } from '../tools/types.ts';
import type { SpeechEngine, Utterance } from './engines/engine.ts';
import { pipe } from './pipe.ts';
import { halved, levelled, wavFile } from './sound.ts';

/** Raise when the same speech would be worked up differently. */
export const SYNTHESIS_VERSION = 2;
const WIDE_RATE_HZ = 16_000;
const WORK_UP_WITHIN_MS = 60_000;

/** What one prompt is made from: its text, or a studio recording. */
export type PromptSource = Utterance | { readonly id: string; readonly recording: string };

/** Renders `<path>.wav` (8 kHz) and `<path>.wav16` (16 kHz; Asterisk tells the rate by this ending). Each appears whole. */
export async function renderPrompt(
  engine: SpeechEngine,
  sox: Program,
  source: PromptSource,
  path: string,
): Promise<void> {
  const sound = 'recording' in source ? await readFile(source.recording) : await engine.say(source);
  const speech = await trimmed(sox, sound);
  if (speech.length === 0)
    throw new Error(
      `nothing but silence in ${'recording' in source ? source.recording : `"${source.text}"`}`,
    );
  await write(`${path}.wav`, wavFile(levelled(halved(speech), WIDE_RATE_HZ / 2), WIDE_RATE_HZ / 2));
  await write(`${path}.wav16`, wavFile(levelled(speech, WIDE_RATE_HZ), WIDE_RATE_HZ));
}

/** One channel at 16 kHz, without hum, and without silence at both ends. */
async function trimmed(sox: Program, wav: Buffer): Promise<Int16Array> {
  const raw = ['-t', 'raw', '-e', 'signed', '-b', '16', '-c', '1', '-r', `${WIDE_RATE_HZ}`];
  const trim = ['silence', '1', '0.01', '-55d', 'reverse'];
  const effects = ['gain', '-3', 'rate', `${WIDE_RATE_HZ}`, 'highpass', '120', ...trim, ...trim];
  const bytes = await pipe(sox, ['-t', 'wav', '-', ...raw, '-', ...effects], wav, WORK_UP_WITHIN_MS);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)));
}

async function write(file: string, content: Buffer): Promise<void> {
  const partial = `${file}.${process.pid}.partial`; // another set-up may render the same
  await writeFile(partial, content);
  await rename(partial, file);
}

import { spawn } from 'node:child_process';
import { readFile, rename } from 'node:fs/promises';
import type { Program, RunTools } from '../tools/types.ts';
import { speechLevel } from './level.ts';
import { normaliseForSpeech } from './normalise.ts';
import type { PromptLanguage } from './texts.ts';

/** Raise when the same text would come out differently. */
export const SYNTHESIS_VERSION = 1;
/** Speech level of every prompt, so that none is louder than the next or than people. */
export const TARGET_DBFS = -22;
const LIMIT_DBFS = -4; // one below the promised -3: resampling may overshoot
const WIDE_RATE_HZ = 16_000;
const NARROW_RATE_HZ = 8_000;
const SECOND_PASS_ABOVE_DB = 0.3;

/**
 * `cmn-latn-pinyin` reads characters by their pinyin; the plain `cmn` voice spells pinyin as if it were English.
 * Amplitude 80: at the default of 100 the synthesiser itself clips.
 */
const VOICES: Record<PromptLanguage, readonly string[]> = {
  'zh-CN': ['-v', 'cmn-latn-pinyin', '-s', '150', '-a', '80'],
  en: ['-v', 'en-gb', '-s', '150', '-a', '80'],
};

export type SpeechTools = Pick<RunTools, 'espeak' | 'sox'>;

/** What one prompt is made from: its text, or a studio recording. */
export type PromptSource = { text: string; language: PromptLanguage } | { recording: string };

/** What is spoken and how: part of the content hash. Pure. */
export function describeSource(source: { text: string; language: PromptLanguage }): string {
  return [...VOICES[source.language], normaliseForSpeech(source.text, source.language)].join(' ');
}

/** Renders `<path>.wav` (8 kHz) and `<path>.wav16` (16 kHz; Asterisk tells the rate by this ending). Each appears whole. */
export async function renderPrompt(tools: SpeechTools, source: PromptSource, path: string): Promise<void> {
  const spoken = 'recording' in source ? await readFile(source.recording) : await speak(tools.espeak, source);
  const trim = ['silence', '1', '0.01', '-55d', 'reverse'];
  const speech = await pipe(
    tools.sox,
    [
      '-t',
      'wav',
      '-',
      ...raw(WIDE_RATE_HZ),
      '-',
      'gain',
      '-3',
      'rate',
      `${WIDE_RATE_HZ}`,
      'highpass',
      '120',
      ...trim,
      ...trim,
    ],
    spoken,
  );
  if (speech.length === 0)
    throw new Error(
      `${path}: nothing but silence in ${'recording' in source ? source.recording : source.text}`,
    );
  for (const [rateHz, ending] of [
    [NARROW_RATE_HZ, 'wav'],
    [WIDE_RATE_HZ, 'wav16'],
  ] as const) {
    const sized = rateHz === WIDE_RATE_HZ ? speech : await resample(tools.sox, speech, rateHz);
    await writeWav(tools.sox, await level(tools.sox, sized, rateHz), rateHz, `${path}.${ending}`);
  }
}

/** Brings speech to the target; the limiter takes a little of the level away, so a second pass corrects it. */
async function level(sox: Program, speech: Buffer, rateHz: number): Promise<Buffer> {
  let levelled = speech;
  let gainDb = 0;
  for (let pass = 1; pass <= 2; pass++) {
    const offDb = TARGET_DBFS - speechLevel(samplesOf(levelled), rateHz).activeRmsDbfs;
    if (pass > 1 && Math.abs(offDb) < SECOND_PASS_ABOVE_DB) break;
    gainDb += offDb;
    // `gain -l` limits at full scale: go up by the headroom first and come down after
    const effects = ['gain', '-l', (gainDb - LIMIT_DBFS).toFixed(2), 'gain', LIMIT_DBFS.toFixed(2)];
    levelled = await pipe(sox, ['-D', ...raw(rateHz), '-', ...raw(rateHz), '-', ...effects], speech);
  }
  return levelled;
}

const raw = (rateHz: number): string[] => [
  '-t',
  'raw',
  '-e',
  'signed',
  '-b',
  '16',
  '-c',
  '1',
  '-r',
  `${rateHz}`,
];

const samplesOf = (bytes: Buffer): Int16Array =>
  new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)));

const resample = (sox: Program, speech: Buffer, rateHz: number): Promise<Buffer> =>
  pipe(sox, [...raw(WIDE_RATE_HZ), '-', ...raw(rateHz), '-', 'rate', `${rateHz}`], speech);

async function writeWav(sox: Program, speech: Buffer, rateHz: number, file: string): Promise<void> {
  const partial = `${file}.${process.pid}.partial`; // another set-up may render the same
  await pipe(sox, ['-D', ...raw(rateHz), '-', '-t', 'wav', partial], speech);
  await rename(partial, file);
}

const speak = (espeak: Program, source: { text: string; language: PromptLanguage }): Promise<Buffer> =>
  pipe(
    espeak,
    [...VOICES[source.language], '--stdout'],
    Buffer.from(normaliseForSpeech(source.text, source.language)),
  );

/** Runs a program from bytes to bytes. */
function pipe(program: Program, args: readonly string[], input: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program.command, [...program.args, ...args], {
      env: { ...process.env, ...program.env },
    });
    const output: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stdin.on('error', () => child.stdin.destroy()); // its exit code tells what went wrong
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(output));
      else reject(new Error(`${program.args.at(-1) ?? program.command} ended with ${code}: ${said.trim()}`));
    });
    child.stdin.end(input);
  });
}

import type { PromptLanguage } from '../texts.ts';

/** What is to be spoken. `id` names the prompt in errors only. */
export type Utterance = { readonly id: string; readonly text: string; readonly language: PromptLanguage };

/** A voice: the one in the box, a program of the operator's, or a service of theirs. */
export type SpeechEngine = {
  /** Part of each prompt's content hash: another engine, or another way of calling it, speaks every prompt anew. */
  readonly identity: (utterance: Utterance) => string;
  /** Calls at the same time that do it good. */
  readonly atOnce: number;
  /** A WAV file's bytes, of any rate. @throws Error that says what went wrong; the caller adds which prompt it was. */
  readonly say: (utterance: Utterance) => Promise<Buffer>;
};

/** Which engine speaks (HOTLINE_TTS_COMMAND, HOTLINE_TTS_URL, HOTLINE_TTS_TOKEN); none given: espeak-ng. */
export type SpeechSettings = {
  /** A command line. */
  readonly command: string | null;
  readonly url: string | null;
  /** Sent to `url` as a bearer token. Secret. */
  readonly token: string | null;
};

/** No prompt takes longer to be spoken. */
export const sayWithinMs = 60_000;
export const isWav = (bytes: Buffer): boolean =>
  bytes.length > 44 &&
  bytes.toString('latin1', 0, 4) === 'RIFF' &&
  bytes.toString('latin1', 8, 12) === 'WAVE';

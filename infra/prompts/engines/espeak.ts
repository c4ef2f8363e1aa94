import { availableParallelism } from 'node:os';
import type { Program } from '../../tools/types.ts';
import { normaliseForSpeech } from '../normalise.ts';
import { pipe } from '../pipe.ts';
import type { PromptLanguage } from '../texts.ts';
import { type SpeechEngine, sayWithinMs } from './engine.ts';

/**
 * `cmn-latn-pinyin` reads characters by their pinyin; the plain `cmn` voice spells pinyin as if it were English.
 * Amplitude 80: at the default of 100 the synthesiser itself clips.
 */
const voices: Record<PromptLanguage, readonly string[]> = {
  'zh-CN': ['-v', 'cmn-latn-pinyin', '-s', '150', '-a', '80'],
  en: ['-v', 'en-gb', '-s', '150', '-a', '80'],
};

/** The voice in the box. */
export const espeakEngine = (espeak: Program): SpeechEngine => ({
  identity: ({ text, language }) => [...voices[language], normaliseForSpeech(text, language)].join(' '),
  atOnce: availableParallelism(),
  say: ({ text, language }) =>
    pipe(
      espeak,
      [...voices[language], '--stdout'],
      Buffer.from(normaliseForSpeech(text, language)),
      sayWithinMs,
    ),
});

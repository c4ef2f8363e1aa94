import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { numbersInWords } from '../normalise.ts';
import { pipe } from '../pipe.ts';
import { isWav, type SpeechEngine, sayWithinMs } from './engine.ts';

/**
 * A program of the operator's own: `HOTLINE_TTS_COMMAND="mytts --voice {language} --out {out}"`. It gets the text on standard input, or where
 * `{text}` stands, and writes a WAV file to `{out}`, or to standard output. No shell reads the command line; words with blanks are quoted.
 */
export function commandEngine(commandLine: string): SpeechEngine {
  const [command, ...args] = wordsOf(commandLine);
  if (command === undefined) throw new Error('HOTLINE_TTS_COMMAND: is empty');
  return {
    identity: ({ text, language }) =>
      ['command', commandLine, language, numbersInWords(text, language)].join(' '),
    atOnce: availableParallelism(),
    say: async ({ text, language }) => {
      const spoken = numbersInWords(text, language);
      const dir = mkdtempSync(join(tmpdir(), 'hotline-speech-'));
      try {
        const out = join(dir, 'out.wav');
        const given = args.map((arg) =>
          arg.replaceAll(/\{(text|language|out)\}/g, (_, what: string) =>
            what === 'text' ? spoken : what === 'out' ? out : language,
          ),
        );
        const input = commandLine.includes('{text}') ? '' : spoken;
        const written = await pipe({ command, args: [], env: {} }, given, Buffer.from(input), sayWithinMs);
        const wav = commandLine.includes('{out}') && existsSync(out) ? readFileSync(out) : written;
        if (!isWav(wav))
          throw new Error(
            `${command} ended well but gave no WAV file ${commandLine.includes('{out}') ? 'at {out}' : 'on its standard output'}`,
          );
        return wav;
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    },
  };
}

/** Words of a command line: split at blanks, but not within "…" or '…'. */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
  );

import { numbersInWords } from '../normalise.ts';
import { isWav, type SpeechEngine, sayWithinMs } from './engine.ts';

const largestBytes = 50_000_000;
/** So many requests at once: a service of the operator's is not to be run over. */
const atOnce = 4;

/**
 * A service of the operator's own: `HOTLINE_TTS_URL` is sent `{"text": …, "language": "zh-CN"}` by POST and answers 200 with a WAV file. Redirects
 * are not followed. The address may hold a key: it is in no message.
 */
export const httpEngine = (url: string, token: string | null): SpeechEngine => ({
  identity: ({ text, language }) => ['http', url, language, numbersInWords(text, language)].join(' '),
  atOnce,
  say: async ({ text, language }) => {
    const service = `the speech service at ${new URL(url).host} (HOTLINE_TTS_URL)`;
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(sayWithinMs),
      headers: {
        'content-type': 'application/json',
        accept: 'audio/wav',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ text: numbersInWords(text, language), language }),
    }).catch((error: unknown) => {
      throw new Error(`${service} cannot be asked: ${reason(error)}`);
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`${service} answered ${response.status}`);
    }
    const wav = await bytesOf(response, service);
    if (!isWav(wav)) throw new Error(`${service} answered no WAV file`);
    return wav;
  },
});

async function bytesOf(response: Response, service: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > largestBytes) throw new Error(`${service} answered more than ${largestBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** fetch itself says only that it failed. */
const reason = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
};

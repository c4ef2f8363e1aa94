import { browserPhoneAccount } from '../../shared/api/endpoints.ts';
import { ApiFailure } from '../../shared/api/problem.ts';
import type { BrowserCall, PhoneLink } from './browser-phone.ts';
import { closeMicrophone, type MicrophoneTrouble, NoMicrophone, openMicrophone } from './microphone.ts';
import { onlyHere } from './only-here.ts';

/**
 * starting → on; elsewhere: another tab of this browser is the phone; it is taken over when that one is closed.
 * failed: a person must do something, then switch it on again.
 */
export type PhoneState =
  | { kind: 'off' }
  | { kind: 'starting' }
  | { kind: 'elsewhere' }
  | { kind: 'on'; link: PhoneLink; call: BrowserCall | null }
  | { kind: 'failed'; because: MicrophoneTrouble | 'unexpected' };

/** The server may be away for a moment; asking for the account is repeated this often. */
const askAgainMs = 5_000;

/** Makes this browser the agent's phone until the returned function is called. */
export function runPhone(agent: string, tell: (state: PhoneState) => void): () => void {
  const over = new AbortController();
  const { signal } = over;
  const say = (state: PhoneState) => {
    if (!signal.aborted) tell(state);
  };
  run(agent, signal, say).catch((error: unknown) => {
    if (signal.aborted) return;
    console.error('the phone in the browser did not start', error);
    say({ kind: 'failed', because: error instanceof NoMicrophone ? error.trouble : 'unexpected' });
  });
  return () => over.abort();
}

async function run(agent: string, signal: AbortSignal, say: (state: PhoneState) => void): Promise<void> {
  say({ kind: 'starting' });
  // Asked for now, when the person expects the question, and not when the first call rings.
  closeMicrophone(await openMicrophone());
  if (signal.aborted) return;
  await onlyHere(
    `hotline-phone-${agent}`,
    signal,
    () => say({ kind: 'elsewhere' }),
    () => beThePhone(agent, signal, say),
  );
}

async function beThePhone(
  agent: string,
  signal: AbortSignal,
  say: (state: PhoneState) => void,
): Promise<void> {
  say({ kind: 'starting' });
  // Loaded only now: most agents have a telephone on the table.
  const [{ startBrowserPhone }, account] = await Promise.all([
    import('./browser-phone.ts'),
    accountOf(agent, signal),
  ]);
  if (signal.aborted || account === null) return;
  const player = new Audio();
  let link: PhoneLink = 'connecting';
  let call: BrowserCall | null = null;
  const tell = () => say({ kind: 'on', link, call });
  const phone = startBrowserPhone({
    ...account,
    onLink(now) {
      link = now;
      tell();
    },
    onCall(now) {
      call = now;
      if (call === null) player.srcObject = null;
      tell();
    },
    onVoice(voice) {
      player.srcObject = voice;
      player.play().catch((error: unknown) => console.error("the caller's voice is not played", error));
    },
  });
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  phone.stop();
  player.srcObject = null;
}

/** The account; null when nobody wants it any more. @throws {ApiFailure} for a refusal */
async function accountOf(agent: string, signal: AbortSignal) {
  while (!signal.aborted) {
    try {
      return await browserPhoneAccount(agent);
    } catch (error) {
      const away = error instanceof ApiFailure && (error.status === 0 || error.status >= 500);
      if (!away) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
  }
  return null;
}

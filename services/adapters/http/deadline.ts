import { Refusal } from './errors.ts';

/** Waits for the store; a store that is away or too slow becomes `store-unavailable`. */
export function fromStore<T>(work: Promise<T>, limitMs: number): Promise<T> {
  return withDeadline(work, limitMs).catch((cause: unknown) => {
    throw new Refusal(
      'store-unavailable',
      'The database did not answer. Live data still works; try again in a moment.',
      { cause, headers: { 'Retry-After': '5' } },
    );
  });
}

/** Waits for the engine; too slow becomes `busy`. What was asked for may still happen. */
export function fromEngine<T>(work: Promise<T>, limitMs: number): Promise<T> {
  return withDeadline(work, limitMs).catch((cause: unknown) => {
    if (!(cause instanceof TooSlow)) throw cause;
    throw new Refusal('busy', 'The controller did not get to it in time; look before you try again.', {
      cause,
      headers: { 'Retry-After': '2' },
    });
  });
}

class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

async function withDeadline<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooSlow(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

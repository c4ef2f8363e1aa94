import i18next from 'i18next';
import { momentText } from '../format/time.ts';
import { serverNow } from '../live/clock.ts';
import { ApiFailure } from './problem.ts';

/** What to tell the person, in their language: what happened, and what they can do. */
export function failureText(error: unknown): string {
  if (!(error instanceof ApiFailure)) return i18next.t('problem.unexpected');
  const wait = error.retryAfterSeconds;
  if (error.code === 'too-many-attempts' && wait !== null) {
    return i18next.t('problem.too-many-attempts-wait', { seconds: wait });
  }
  if (error.code === 'store-unavailable' && error.since !== null) {
    return i18next.t('problem.store-unavailable-since', { time: momentText(error.since, serverNow()) });
  }
  // A server newer than this page may know codes that this page does not.
  const key = `problem.${error.code}` as const;
  const known: boolean = i18next.exists(key);
  const text = known ? i18next.t(key) : `${error.message} (${error.code})`;
  return error.code === 'internal-error' && error.requestId !== null ? `${text} (${error.requestId})` : text;
}

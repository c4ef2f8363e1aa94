import type { TFunction } from 'i18next';

/** Why a task was opened, in the reader's language; a reason that is not known yet is shown as it was recorded. */
export function taskBecause(because: string, t: TFunction): string {
  if (because === "the caller's line went dead") return t('tasks.because.dead');
  if (because === "the caller's line was lost") return t('tasks.because.lost');
  const times = /^called back (\d+) times in vain: /.exec(because)?.[1];
  if (times !== undefined) return t('tasks.because.inVain', { times });
  const score = /^score (\d)$/.exec(because)?.[1];
  if (score !== undefined) return t('tasks.because.score', { score });
  const seconds = /^left a message of (\d+) s$/.exec(because)?.[1];
  return seconds === undefined ? because : t('tasks.because.message', { seconds });
}

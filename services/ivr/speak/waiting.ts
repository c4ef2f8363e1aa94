import { asId, type PromptId } from '../../events/ids.ts';
import type { Language } from '../../events/vocabulary.ts';
import { tongues } from '../speak.ts';

/** What a waiting caller is told. Pure. The prompts named here must exist besides those of the flows. */
export const waitingPromptIds: readonly PromptId[] = [
  'wait-next',
  'wait-place',
  'wait-place-end',
  'wait-time-short',
  'wait-time',
  'wait-time-minutes',
  'wait-time-long',
].map((id) => asId<PromptId>(id));

/** Longer than this is not told in minutes: nobody can promise it. */
const longestToldMinutes = 30;

/** @param place 1: the next to be served. Said as an ordinal (第二位), so 两 is not used. */
export function speakPlace(place: number, language: Language): PromptId[] {
  if (place <= 1) return ids(['wait-next']);
  return ids(['wait-place', ...tongues[language].count(Math.floor(place), false), 'wait-place-end']);
}

/** Rounded up as people say it: to a minute below ten, to five above; "more than half an hour" beyond that. */
export function speakExpectedWait(waitMs: number, language: Language): PromptId[] {
  const minutes = Math.ceil(waitMs / 60_000);
  if (minutes <= 1) return ids(['wait-time-short']);
  const told = minutes <= 10 ? minutes : Math.ceil(minutes / 5) * 5;
  if (told > longestToldMinutes) return ids(['wait-time-long']);
  return ids(['wait-time', ...tongues[language].count(told, true), 'wait-time-minutes']);
}

const ids = (names: readonly string[]): PromptId[] => names.map((name) => asId<PromptId>(name));

import type { FlowId } from '../../events/ids.ts';
import type { Language } from '../../events/vocabulary.ts';
import type { CalendarNow } from '../calendar.ts';
import type { Flow } from '../flow.ts';
import type { LookupAnswer } from '../flow-test-text.ts';

/** The world around a call on trial: no telephones, no clock, nobody else. */
export type TrialSetting = {
  readonly flowOf: (id: FlowId) => Flow | undefined;
  readonly hotline: string;
  readonly language: Language;
  readonly caller: string;
  readonly calendar: CalendarNow;
  readonly timeZone: string;
  readonly switches: ReadonlySet<string>;
  /** What a lookup answers this caller, each time it is asked. */
  readonly lookUp: (lookup: string, parameters: Readonly<Record<string, string>>) => LookupAnswer;
  /** Queues without room. */
  readonly full: ReadonlySet<string>;
};

/** Answers that are given in a list: one after the other, the last one from then on. A lookup that is not named fails. */
export function answersInTurn(
  answers: Readonly<Record<string, LookupAnswer | readonly LookupAnswer[]>>,
): TrialSetting['lookUp'] {
  const asked = new Map<string, number>();
  return (lookup) => {
    const given = Object.hasOwn(answers, lookup) ? answers[lookup] : undefined;
    const list = given === undefined ? [] : [given].flat();
    const times = asked.get(lookup) ?? 0;
    asked.set(lookup, times + 1);
    return list[Math.min(times, list.length - 1)] ?? 'failed';
  };
}

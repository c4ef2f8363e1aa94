import type { CallsFilter } from '../../services/adapters/http/contract/calls.ts';
import { endOfDate, startOfDate } from '../shared/format/time.ts';

/** What a person chose. `date` is the centre's date; '' is any. */
export type CallsChoice = { date: string } & Pick<
  CallsFilter,
  'number' | 'agent' | 'queue' | 'hotline' | 'outcome'
>;

const pageSize = '50';

/** The query of a choice; empty fields are no filter. */
export function filterOf(choice: CallsChoice, cursor: string | null): CallsFilter {
  const { date, number = '', ...others } = choice;
  const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  const digits = number.trim();
  return {
    ...given,
    ...(date === '' ? {} : { from: startOfDate(date), to: endOfDate(date) }),
    ...(digits === '' ? {} : { number: digits }),
    ...(cursor === null ? {} : { cursor }),
    limit: pageSize,
  };
}

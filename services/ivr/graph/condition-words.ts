import type { Condition } from '../flow.ts';

/** A branch's question, as short as it fits beside a line of a picture. */
export function conditionWords(condition: Condition): string {
  switch (condition.kind) {
    case 'hours':
      return `open: ${condition.hours}`;
    case 'holiday':
      return condition.holiday ?? 'holiday';
    case 'switch':
      return `switch ${condition.name}`;
    case 'time':
      return `${clock(condition.fromMinute)}-${clock(condition.toMinute)}`;
    case 'is':
      return `${condition.variable} = ${condition.oneOf.join('/')}`;
    case 'above':
      return `${condition.variable} > ${condition.than}`;
    case 'below':
      return `${condition.variable} < ${condition.than}`;
    case 'known':
      return `${condition.known ? '' : 'no '}${condition.variable}`;
    case 'not':
      return `not ${conditionWords(condition.condition)}`;
    case 'all':
      return condition.conditions.map(conditionWords).join(' & ');
    case 'any':
      return condition.conditions.map(conditionWords).join(' | ');
    default:
      return condition satisfies never;
  }
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

import type { FlowId } from '../events/ids.ts';
import type { Language } from '../events/vocabulary.ts';
import type { Condition, Flow } from './flow.ts';

/** What a flow may ask of the world at one moment. Pure: the shell makes it from the call, the clock, calendar and switches. */
export type FlowContext = {
  /** The call's variables, those given from the start among them. */
  readonly values: ReadonlyMap<string, string>;
  /** Whether the centre is within these opening hours. */
  readonly inHours: (hours: string) => boolean;
  /** Today's holiday by name, null on other days. */
  readonly holiday: string | null;
  /** Whether a lead has switched it on for this hotline. */
  readonly switchedOn: (name: string) => boolean;
  /** Minutes after local midnight. */
  readonly minuteOfDay: number;
  /** The local day, YYYY-MM-DD: of days in this year the year is not said. */
  readonly today: string;
  /** In which full timestamps are said. */
  readonly timeZone: string;
  /** The flow a caller enters by its name: the version this call has been in before, or else the one in force. */
  readonly flowOf: (id: FlowId) => Flow | undefined;
};

/** The language in which everything is said now. */
export const languageOf = ({ values }: Pick<FlowContext, 'values'>): Language =>
  values.get('language') === 'en' ? 'en' : 'zh-CN';

/** The same moment with other values. */
export const withValues = (context: FlowContext, values: Readonly<Record<string, string>>): FlowContext => ({
  ...context,
  values: new Map([...context.values, ...Object.entries(values)]),
});

/** Whether a condition holds. What is not known is neither above, below nor equal to anything. */
export function holds(condition: Condition, context: FlowContext): boolean {
  switch (condition.kind) {
    case 'hours':
      return context.inHours(condition.hours);
    case 'holiday':
      return condition.holiday === null ? context.holiday !== null : context.holiday === condition.holiday;
    case 'switch':
      return context.switchedOn(condition.name);
    case 'time': {
      const { fromMinute, toMinute } = condition;
      const now = context.minuteOfDay;
      return fromMinute <= toMinute
        ? now >= fromMinute && now < toMinute
        : now >= fromMinute || now < toMinute;
    }
    case 'is':
      return condition.oneOf.includes(context.values.get(condition.variable) ?? '');
    case 'above':
    case 'below': {
      const text = context.values.get(condition.variable) ?? '';
      const value = text.trim() === '' ? Number.NaN : Number(text);
      return condition.kind === 'above' ? value > condition.than : value < condition.than;
    }
    case 'known':
      return ((context.values.get(condition.variable) ?? '') !== '') === condition.known;
    case 'not':
      return !holds(condition.condition, context);
    case 'all':
      return condition.conditions.every((one) => holds(one, context));
    case 'any':
      return condition.conditions.some((one) => holds(one, context));
    default:
      return condition satisfies never;
  }
}

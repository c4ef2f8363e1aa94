import type { Lookup, LookupResultType } from './lookups.ts';

/** What a lookup tells, all of it texts of the declared kinds; or the first thing that is not what was declared. */
export type CheckedValues = { readonly values: Record<string, string> } | { readonly problem: string };

/**
 * Makes the texts a call keeps out of what a source answered: every declared result, '' for what is missing or null; what was not
 * declared is left out. A problem names the result and never its content, as it goes into records.
 */
export function checkValues(lookup: Lookup, answered: Readonly<Record<string, unknown>>): CheckedValues {
  const values: Record<string, string> = {};
  for (const [name, type] of lookup.results) {
    const given = Object.hasOwn(answered, name) ? answered[name] : null;
    const text = given === null || given === undefined ? '' : asText(given, type);
    if (text === null) return { problem: `${name} is no ${type.kind}` };
    values[name] = text;
  }
  return { values };
}

function asText(given: unknown, type: LookupResultType): string | null {
  if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean') return null;
  const text = String(given).trim();
  if (text === '') return '';
  switch (type.kind) {
    case 'text':
      return text.length <= 200 && !/[\p{Cc}\p{Cs}]/u.test(text) ? text : null;
    case 'digits':
      return /^\d{1,32}$/.test(text) ? text : null;
    case 'code':
      return /^[A-Za-z0-9][\w-]{0,39}$/.test(text) ? text : null;
    case 'amount':
      return amount(text);
    case 'count':
      return /^\d{1,9}$/.test(text) ? String(Number(text)) : null;
    case 'date':
      return date(text);
    case 'time':
      return time(text);
    default:
      return type satisfies never;
  }
}

/** "7.5" → "7.50". More than two decimals is not money. */
function amount(text: string): string | null {
  const parts = /^(-?)(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text);
  if (!parts) return null;
  const [, sign = '', yuan = '', fen = ''] = parts;
  const plain = `${Number(yuan)}.${fen.padEnd(2, '0')}`;
  return plain === '0.00' ? plain : `${sign}${plain}`;
}

/** The day of YYYY-MM-DD, or of a timestamp as it is written (no zone is applied), when there is such a day. */
function date(text: string): string | null {
  const day = /^(\d{4}-\d{2}-\d{2})(?:$|[T ])/.exec(text)?.[1];
  if (day === undefined) return null;
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day) ? day : null;
}

/** The time of day of HH:MM, HH:MM:SS, or of a timestamp as it is written. */
function time(text: string): string | null {
  return /^(?:\d{4}-\d{2}-\d{2}[T ])?((?:[01]\d|2[0-3]):[0-5]\d)(?:$|[:Z+.-])/.exec(text)?.[1] ?? null;
}

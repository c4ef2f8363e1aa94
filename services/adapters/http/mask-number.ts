/**
 * Hides most of a telephone number: enough is left to tell two callers apart, not to ring them.
 *
 * - mainland mobile: `13812341234` → `138****1234`, with or without +86, 0086, 86 or a trunk 0 before it
 * - fixed line with area code: `01012345678` → `010******78`, `053112345678` → `0531******78`
 * - anything else of 7 digits or more: the last 2 digits stay, and a leading `+` or `00` with the next 2 digits
 *   where at least 3 digits remain to be hidden
 * - fewer than 7 digits (extensions, hotlines, feature codes) are nobody's private number and stay as they are
 * - a SIP name such as `alice` keeps its first letter
 */
export function maskNumber(number: string): string {
  if (number === '') return '';
  const compact = number.replace(/[\s().-]/g, '');
  if (!/^\+?[\d*#]+$/.test(compact)) return maskName(number);
  const digits = compact.replace(/^\+/, '');
  if (digits.length < 7) return number;
  const mobile = /^((?:\+?86|0086|0)?)(1[3-9]\d)\d{4}(\d{4})$/.exec(compact);
  if (mobile) return `${mobile[1]}${mobile[2]}****${mobile[3]}`;
  const fixed = /^((?:\+?86|0086)?)(0(?:10|2\d|[3-9]\d\d))(\d{5,6})(\d\d)$/.exec(compact);
  if (fixed) return `${fixed[1]}${fixed[2]}${stars(fixed[3])}${fixed[4]}`;
  const other = /^((?:\+|00)[\d*#]{2}(?=[\d*#]{5})|)([\d*#]+)([\d*#]{2})$/.exec(compact);
  return other ? `${other[1]}${stars(other[2])}${other[3]}` : stars(compact);
}

/** Masks what was dialled, unless it is one of the centre's own numbers, which everyone knows. */
export function maskDialled(number: string, ownNumbers: ReadonlySet<string>): string {
  return ownNumbers.has(number) ? number : maskNumber(number);
}

/**
 * Masks numbers anywhere in plain data: fields that hold one by name, what a caller keyed in or a lookup told, and those numbers, with
 * `callerNumber`, wherever they occur in other texts (an order's target, a reason, what an agent was doing). Short numbers are not
 * searched for: `10` would be found everywhere. An entry in the making is hidden with each of its digits: one after the other they
 * would tell the whole.
 */
export function maskNumbersIn<T>(data: T, callerNumber: string, ownNumbers: ReadonlySet<string>): T {
  const hidden = numbersNamedIn(data, callerNumber, ownNumbers);
  const visit = (value: unknown, key: string | null): unknown => {
    if (typeof value === 'string') {
      if (key === 'callerNumber') return maskNumber(value);
      if (key === 'dialledNumber' || key === 'number') return maskDialled(value, ownNumbers);
      if (key === 'entry') return stars(value);
      const isNumber = /^\+?\d{7,}$/.test(value);
      if (key === 'keyedInOrTold' && isNumber) return maskNumber(value);
      if (key === 'target' && isNumber) return maskDialled(value, ownNumbers);
      return hidden.reduce((text, number) => text.replaceAll(number, maskNumber(number)), value);
    }
    if (Array.isArray(value)) return value.map((item) => visit(item, key));
    if (value !== null && typeof value === 'object') {
      const fields = Object.entries('entry' in value ? { ...value, digit: '*' } : value);
      const inner = key === 'values' || key === 'parameters' ? 'keyedInOrTold' : null;
      return Object.fromEntries(fields.map(([k, v]) => [k, visit(v, inner ?? k)]));
    }
    return value;
  };
  return visit(data, null) as T;
}

/** Every number that a field of its own holds, also as it is dialled within the country; the longest first. */
function numbersNamedIn(data: unknown, callerNumber: string, ownNumbers: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  const add = (number: string) => {
    if (ownNumbers.has(number) || number.replace(/\D/g, '').length < 7) return;
    found.add(number).add(number.replace(/^(?:\+?86|0086|0)(?=1[3-9]\d{9}$)/, ''));
  };
  const visit = (value: unknown, key: string | null): void => {
    if (typeof value === 'string') {
      if (key === 'callerNumber' || key === 'dialledNumber' || key === 'number') add(value);
    } else if (Array.isArray(value)) for (const item of value) visit(item, key);
    else if (value !== null && typeof value === 'object')
      for (const [k, v] of Object.entries(value)) visit(v, k);
  };
  add(callerNumber);
  visit(data, null);
  return [...found].sort((a, b) => b.length - a.length);
}

const stars = (hidden: string | undefined): string => '*'.repeat(hidden?.length ?? 0);

/** A name that carries digits (`alice13812341234`, `138…;phone-context=…`) may carry a number: only its first letter stays. */
function maskName(name: string): string {
  return `${/^\p{L}/u.exec(name)?.[0] ?? ''}***`;
}

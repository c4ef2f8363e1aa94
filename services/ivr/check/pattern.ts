import { entryPattern } from '../entry-pattern.ts';

/**
 * The regular expressions that a `collect` may check an entry with: simple ones, of which it can be seen that they never take long. Returns
 * what is wrong, null when it is right.
 *
 * Digits, `.`, `\d`, classes, groups, alternatives and repetitions; no look-around, no back-reference, and no group repeated without
 * bound or more than 20 times that holds a repetition or alternatives itself: those are what makes a regular expression explode.
 */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > 200) return 'is longer than 200 characters';
  if (/\(\?(?!:)/.test(pattern))
    return 'looks ahead or behind, or names a group: only ( ) and (?: ) are let through';
  const odd = pattern.match(/\\[^d]|[^\d\\d.()[\]{}|?*+^$,:-]/);
  if (odd) return `"${odd[0]}" has no place here: digits, ., \\d, [ ], ( ), |, ?, *, +, { } only`;
  try {
    entryPattern(pattern);
  } catch (error) {
    return `is no regular expression: ${error instanceof Error ? error.message.replace(/^.*: /, '') : String(error)}`;
  }
  if ((pattern.replaceAll(/\[[^\]]*\]/g, 'x').match(/[*+]|\{\d+,\}/g) ?? []).length > 3)
    return 'has more than three repetitions without bound';
  return nestedRepetition(pattern) ? 'repeats a group that holds a repetition or alternatives' : null;
}

/** Whether a repeated group holds what can match in several ways. */
function nestedRepetition(pattern: string): boolean {
  const plain = pattern
    .replaceAll(/\[[^\]]*\]/g, 'x')
    .replaceAll('\\d', 'x')
    .replaceAll('(?:', '(');
  const open: boolean[] = [];
  let manyWays = false;
  for (let i = 0; i < plain.length; i++) {
    const sign = plain[i];
    if (sign === '(') {
      open.push(manyWays);
      manyWays = false;
    } else if (sign === ')') {
      if (manyWays && repeated(plain.slice(i + 1))) return true;
      manyWays = (open.pop() ?? false) || manyWays || repeated(plain.slice(i + 1));
    } else if (sign === '|' || sign === '*' || sign === '+' || sign === '?') manyWays = true;
    else if (sign === '{' && /^\{\d+,/.test(plain.slice(i))) manyWays = true;
  }
  return false;
}

/** Whether what stands before is repeated more often than is harmless. */
function repeated(after: string): boolean {
  if (/^[*+]|^\{\d+,\}/.test(after)) return true;
  const times = /^\{(?:\d+,)?(\d+)\}/.exec(after);
  return times !== null && Number(times[1]) > 1;
}

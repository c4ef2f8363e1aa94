/** What the checker finds, one entry each. */
export type Problem = {
  readonly file: string;
  /** From 1; null when the file has no such place. */
  readonly line: number | null;
  /** Where in the file, as a path: `nodes.menu.keys.1`. */
  readonly where: string;
  readonly what: string;
  /** What to write instead; null when nobody can know. */
  readonly suggestion: string | null;
  /** A flow with an error is refused; a warning is only told. */
  readonly severity: 'error' | 'warning';
  readonly kind: ProblemKind;
};

export const problemKinds = [
  'yaml', // no YAML, or not to be read
  'schema', // a field that is missing, unknown, or not what it should be
  'name', // leads to a node, flow, queue, skill, lookup, calendar entry that is not there
  'unreachable', // a node no caller can get to
  'dead-end', // a node from which no end can be reached
  'loop', // a way round and round on which the caller has no part
  'keys', // a key that means two things, or could never be pressed
  'prompt', // a prompt that does not exist in every language
  'person', // a person is too far away, or cannot be reached by 0
  'menu-size', // too many options or levels
  'hours', // out of hours a caller is cut off without it being told so
  'lookup', // parameters or results that do not match
  'variable', // used but set by nobody, or spoken as what it is not
  'pattern', // a regular expression that does not compile, or can take for ever
  'survey', // scores that make no sense
  'number', // a telephone number that may not be called
  'duplicate', // one flow in two files
] as const;
export type ProblemKind = (typeof problemKinds)[number];

/** One line for a person: file, line, place, what is wrong, what to write. */
export function inWords(problem: Problem): string {
  const at = problem.line === null ? problem.file : `${problem.file}:${problem.line}`;
  const warning = problem.severity === 'warning' ? 'warning: ' : '';
  const suggestion = problem.suggestion === null ? '' : `; ${problem.suggestion}`;
  return `${at}: ${warning}${problem.where}: ${problem.what}${suggestion}`;
}

export const isError = (problem: Problem): boolean => problem.severity === 'error';

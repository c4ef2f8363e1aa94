import { z } from 'zod';
import type { Lookup, LookupResultType, LookupSource, Lookups } from '../ivr/lookups.ts';
import { CentreError, readText } from './centre-file.ts';
import { namedParameters } from './named-parameters.ts';
import { readYaml } from './read-yaml.ts';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use lower-case letters, digits and -');
const variable = z.string().regex(/^[a-z][A-Za-z0-9]{0,40}$/, 'a name such as account or dueDate');
const code = z.string().regex(/^[A-Za-z0-9][\w-]{0,39}$/, 'a code has letters, digits, - and _, 40 at most');
const resultType = z.union(
  [z.enum(['text', 'digits', 'amount', 'count', 'date', 'time']), z.array(code).min(1)],
  'is one of text, digits, amount, count, date and time, or a list of codes',
);

const everySource = {
  maxAtOnce: z.number().int().min(1).max(50).default(8),
  failuresUntilRest: z.number().int().min(1).max(100).default(5),
  restSeconds: z.number().min(1).max(300).default(10),
};
const source = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sql'), ...everySource }),
  z.strictObject({ kind: z.literal('http'), address: z.string(), secret: id.optional(), ...everySource }),
]);

const everyLookup = {
  source: z.string(),
  parameters: z.array(variable).default([]),
  results: z.record(variable, resultType).default({}),
  timeoutSeconds: z.number().min(0.1).max(5).default(2),
};
const lookup = z.union([
  z.strictObject({ ...everyLookup, sql: z.string().min(1).max(10_000) }),
  z.strictObject({ ...everyLookup, path: z.string().max(1_000) }),
]);

const schema = z.strictObject({ sources: z.record(id, z.unknown()), lookups: z.record(id, z.unknown()) });

/**
 * Reads and checks `lookups.yaml`.
 * @throws {CentreError} with every problem.
 */
export function loadLookups(file: string): Lookups {
  return parseLookups(readText(file), file);
}

/** @throws {CentreError} with every problem; `file` names it in them. */
export function parseLookups(content: string, file: string): Lookups {
  const read = readYaml(content);
  if ('problems' in read) throw new CentreError(read.problems.map((problem) => `${file}: ${problem}`));
  const whole = schema.safeParse(read.content);
  if (!whole.success)
    throw new CentreError(
      whole.error.issues.map(
        (issue) => `${file}: ${issue.path.join('.') || 'the whole file'}: ${words(issue)}`,
      ),
    );
  const problems: string[] = [];
  const tell = (where: string) => (field: string, problem: string) =>
    void problems.push(`${file}: ${where}${field === '' ? '' : `.${field}`}: ${problem}`);
  const sources = new Map<string, LookupSource>();
  for (const [name, given] of Object.entries(whole.data.sources)) {
    const made = buildSource(name, given, tell(`sources.${name}`));
    if (made) sources.set(name, made);
  }
  const named = new Set(Object.keys(whole.data.sources));
  const lookups = new Map<string, Lookup>();
  for (const [name, given] of Object.entries(whole.data.lookups)) {
    const made = buildLookup(name, given, sources, named, tell(`lookups.${name}`));
    if (made) lookups.set(name, made);
  }
  if (problems.length > 0) throw new CentreError(problems);
  return Object.freeze({ sources, lookups });
}

/** `field`: '' for the whole. */
type Tell = (field: string, problem: string) => void;

function buildSource(name: string, given: unknown, tell: Tell): LookupSource | null {
  const parsed = source.safeParse(given);
  if (!parsed.success) {
    tellAll(parsed.error.issues, tell);
    return null;
  }
  const { restSeconds, ...one } = parsed.data;
  const common = {
    id: name,
    maxAtOnce: one.maxAtOnce,
    failuresUntilRest: one.failuresUntilRest,
    restMs: Math.round(restSeconds * 1000),
  };
  if (one.kind === 'sql') return { ...common, kind: 'sql' };
  const problem = addressProblem(one.address);
  if (problem !== null) tell('address', problem);
  return { ...common, kind: 'http', address: one.address, secret: one.secret ?? null };
}

/** What is asked is data of callers: where it goes is written in full, and a password has no place in this file. */
function addressProblem(address: string): string | null {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol))
    return `"${address}" is no address; write one such as https://crm.example/api`;
  if (url.username !== '' || url.password !== '')
    return 'has a password in it; put a token into secrets.json and name it with `secret`';
  if (url.search !== '' || url.hash !== '')
    return 'ends before ? and #; those belong into the paths of lookups';
  return null;
}

function buildLookup(
  name: string,
  given: unknown,
  sources: ReadonlyMap<string, LookupSource>,
  named: ReadonlySet<string>,
  tell: Tell,
): Lookup | null {
  const parsed = lookup.safeParse(given);
  if (!parsed.success) {
    // A union's own message says only that nothing fits: the shape it was meant to have says more.
    const meant = isObject(given) && 'path' in given ? lookup.options[1] : lookup.options[0];
    tellAll(meant.safeParse(given).error?.issues ?? parsed.error.issues, tell);
    return null;
  }
  const text = parsed.data;
  if (!named.has(text.source)) tell('source', `there is no source "${text.source}"`);
  const of = sources.get(text.source)?.kind;
  const [kind, field] = 'sql' in text ? (['sql', 'sql'] as const) : (['http', 'path'] as const);
  if (of && of !== kind)
    tell(field, `"${text.source}" is a source of kind ${of}: it takes ${of === 'sql' ? 'sql' : 'path'}`);
  const parameters = new Set(text.parameters);
  if (parameters.size < text.parameters.length) tell('parameters', 'one is named twice');
  const used = 'sql' in text ? sqlProblems(text.sql, tell) : pathProblems(text.path, tell);
  for (const one of used) if (!parameters.has(one)) tell(field, `"${one}" is not among its parameters`);
  for (const one of parameters) if (!used.has(one)) tell('parameters', `"${one}" is not used`);
  return {
    id: name,
    source: text.source,
    parameters: text.parameters,
    results: new Map(Object.entries(text.results).map(([key, type]) => [key, builtType(type)])),
    timeoutMs: Math.round(text.timeoutSeconds * 1000),
    question: 'sql' in text ? { kind: 'sql', text: text.sql.trim() } : { kind: 'http', path: text.path },
  };
}

function sqlProblems(text: string, tell: Tell): ReadonlySet<string> {
  if (!/^\s*(select|with)\b/i.test(text)) tell('sql', 'begins with SELECT or WITH: a lookup only reads');
  const read = namedParameters(text);
  if (read.statements > 1) tell('sql', 'is one statement only');
  return new Set(read.names);
}

function pathProblems(path: string, tell: Tell): ReadonlySet<string> {
  if (!path.startsWith('/')) tell('path', 'begins with /');
  if (/(^|\/)\.\.?(\/|$|\?)|#|\s|\\/.test(path.replaceAll(/\{[^{}]*\}/g, '')))
    tell('path', 'has no . or .. as a step, no #, \\ and blanks');
  const names = [...path.matchAll(/\{([^{}]*)\}/g)].map(([, one = '']) => one);
  return new Set(names);
}

const builtType = (type: z.infer<typeof resultType>): LookupResultType =>
  typeof type === 'string' ? { kind: type } : { kind: 'code', codes: type };

const isObject = (given: unknown): given is object => typeof given === 'object' && given !== null;

function tellAll(issues: readonly z.core.$ZodIssue[], tell: Tell): void {
  for (const issue of issues) tell(issue.path.join('.'), words(issue));
}

const words = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join(', ') : issue.message;

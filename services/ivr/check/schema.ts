import type { z } from 'zod';
import { nodeText } from '../flow-text.ts';
import type { CheckedFlow } from './model.ts';
import { didYouMean } from './nearest.ts';
import type { Problem } from './problem.ts';
import { problemIn } from './report.ts';
import { isRecord, type Path } from './source.ts';

type Issue = z.core.$ZodIssue;

/** Field names of a node by its kind, and of a flow file's head. */
const nodeFields: ReadonlyMap<string, readonly string[]> = new Map(
  nodeText.options.map((option) => [option.shape.kind.value, Object.keys(option.shape)]),
);
export const nodeKindNames: readonly string[] = [...nodeFields.keys()];

/** What zod found wrong with one part of a file, each with its line and what was probably meant. */
export function schemaProblems(
  flow: Pick<CheckedFlow, 'file' | 'lineOf'>,
  under: Path,
  issues: readonly Issue[],
  content: unknown,
  schema: z.ZodType,
): Problem[] {
  return issues.flatMap((issue) => explained(flow, under, issue, content, schema));
}

function explained(
  flow: Pick<CheckedFlow, 'file' | 'lineOf'>,
  under: Path,
  issue: Issue,
  content: unknown,
  schema: z.ZodType,
): Problem[] {
  const at = [...under, ...issue.path];
  const problem = (place: Path, what: string, suggestion: string | null = null) =>
    problemIn(flow, { kind: 'schema', at: place, what, suggestion });
  const given = valueAt(content, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const known = issue.path.length === 0 ? fieldsOf(content, schema) : [];
        return problem([...at, key], 'is not known here', didYouMean(key, known));
      });
    case 'invalid_key':
      return [problem(at, issue.issues.map(({ message }) => message).join(', '))];
    case 'invalid_union': {
      if (issue.path.at(-1) === 'kind' || ('discriminator' in issue && issue.discriminator === 'kind'))
        return [unknownKind(flow, under, content)];
      const best = nearestBranch(issue.errors, given);
      if (best === null) return [problem(at, `${shown(given)} is not what can stand here`)];
      return best.flatMap((inner) => explained(flow, at, inner, given, schema));
    }
    case 'invalid_type':
      return [
        given === undefined
          ? problem(at, `is missing`)
          : problem(at, `is ${shown(given)}, but should be ${issue.expected}`),
      ];
    case 'invalid_value': {
      const values = issue.values.map(String);
      return [problem(at, `is none of ${values.join(', ')}`, didYouMean(String(given), values))];
    }
    default:
      return [problem(at, issue.message)];
  }
}

function unknownKind(flow: Pick<CheckedFlow, 'file' | 'lineOf'>, under: Path, content: unknown): Problem {
  const kind = isRecord(content) ? content.kind : undefined;
  if (typeof kind !== 'string') {
    const what = `says no kind; there are ${nodeKindNames.join(', ')}`;
    return problemIn(flow, { kind: 'schema', at: under, what });
  }
  return problemIn(flow, {
    kind: 'schema',
    at: [...under, 'kind'],
    what: `there is no kind "${kind}"`,
    suggestion: didYouMean(kind, nodeKindNames) ?? `there are ${nodeKindNames.join(', ')}`,
  });
}

/** Of the shapes something may have, the one it was probably meant to have: the one it differs from least; null when it is like none. */
function nearestBranch(branches: readonly (readonly Issue[])[], given: unknown): readonly Issue[] | null {
  const alike = branches.filter((issues) => !issues.some((issue) => isOtherShape(issue)));
  const [best, second] = alike.toSorted((a, b) => a.length - b.length);
  if (!best || (isRecord(given) && second?.length === best.length)) return null;
  return best;
}

/** Another type altogether, or an object whose fields are another one's. */
const isOtherShape = (issue: Issue): boolean =>
  issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'unrecognized_keys');

function fieldsOf(content: unknown, schema: z.ZodType): readonly string[] {
  if (schema !== nodeText) return 'shape' in schema ? Object.keys(schema.shape as object) : [];
  const kind = isRecord(content) ? content.kind : undefined;
  return (typeof kind === 'string' && nodeFields.get(kind)) || [];
}

function valueAt(content: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    content,
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

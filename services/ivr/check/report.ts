import type { CheckedFlow } from './model.ts';
import type { Problem, ProblemKind } from './problem.ts';
import type { Path } from './source.ts';

type Found = {
  readonly kind: ProblemKind;
  readonly at: Path;
  readonly what: string;
  readonly suggestion?: string | null;
  readonly severity?: Problem['severity'];
};

/** A problem of this flow, with its line. */
export function problemIn(flow: Pick<CheckedFlow, 'file' | 'lineOf'>, found: Found): Problem {
  return {
    file: flow.file,
    line: flow.lineOf(found.at),
    where: found.at.map(String).join('.') || 'the whole file',
    what: found.what,
    suggestion: found.suggestion ?? null,
    severity: found.severity ?? 'error',
    kind: found.kind,
  };
}

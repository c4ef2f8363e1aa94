import type { Problem, ProblemCode } from '../../../services/adapters/http/contract/problem.ts';

/** What can go wrong with a request: a refusal of the server, or no usable answer at all. */
export type FailureCode = ProblemCode | 'no-connection' | 'unreadable-answer';

/** A request that did not do what it was asked. `code` is what screens translate; `message` is for the console. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly code: FailureCode;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The id that finds the request in the server's log. */
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  /** Since when what is needed for it has been away, epoch ms. */
  readonly since: number | null;
  /** What was wrong with each field, or each problem of a flow. */
  readonly errors: readonly string[];

  constructor(
    code: FailureCode,
    message: string,
    more: {
      status?: number;
      requestId?: string | null;
      retryAfterSeconds?: number | null;
      since?: number | null;
      errors?: readonly string[];
    } = {},
  ) {
    super(message);
    this.code = code;
    this.status = more.status ?? 0;
    this.requestId = more.requestId ?? null;
    this.retryAfterSeconds = more.retryAfterSeconds ?? null;
    this.since = more.since ?? null;
    this.errors = more.errors ?? [];
  }
}

/** Reads a refusal (RFC 9457). Anything else, such as a proxy's HTML page, is an unreadable answer. */
export async function failureOf(response: Response): Promise<ApiFailure> {
  const { status } = response;
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterSeconds = Number.isFinite(retryAfter) ? retryAfter : null;
  const text = await response.text().catch(() => '');
  const problem = readProblem(text);
  if (problem === null) {
    return new ApiFailure('unreadable-answer', `HTTP ${status} without a problem document`, { status });
  }
  const { code, detail, requestId = null, since = null } = problem;
  const errors = problem.errors?.map(({ message }) => message) ?? [];
  return new ApiFailure(code, detail, { status, requestId, retryAfterSeconds, since, errors });
}

function readProblem(
  text: string,
): (Pick<Problem, 'code' | 'detail' | 'since' | 'errors'> & { requestId?: string }) | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('code' in value)) return null;
    return typeof value.code === 'string' ? (value as Problem) : null;
  } catch {
    return null;
  }
}

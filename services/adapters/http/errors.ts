import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { Instant } from '../../events/instant.ts';
import type { Problem, ProblemCode } from './contract/problem.ts';

/** The only place where refusals get their HTTP status. */
const kinds: Record<ProblemCode, { status: number; title: string }> = {
  'invalid-body': { status: 400, title: 'The body is not what this operation takes' },
  'invalid-query': { status: 400, title: 'The query is not what this operation takes' },
  'invalid-path': { status: 400, title: 'The path cannot be right' },
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'unsupported-media-type': { status: 415, title: 'The body must be application/json' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'not-signed-in': { status: 401, title: 'Not signed in' },
  'wrong-credentials': { status: 401, title: 'Wrong user or password' },
  'too-many-attempts': { status: 429, title: 'Too many failed sign-ins' },
  'cross-site-request': { status: 403, title: 'This request may come from another site' },
  'not-allowed': { status: 403, title: 'Not allowed' },
  'unknown-route': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'This method is not offered here' },
  'unknown-agent': { status: 404, title: 'There is no such agent' },
  'unknown-hotline': { status: 404, title: 'There is no such hotline' },
  'unknown-queue': { status: 404, title: 'There is no such queue' },
  'reason-missing': { status: 422, title: 'A reason is needed' },
  'promise-missing': { status: 422, title: 'How long the caller was told to wait is needed' },
  'no-call': { status: 409, title: 'The agent has no such call' },
  'not-now': { status: 409, title: 'The call is not in a state for this' },
  'target-unavailable': { status: 409, title: 'The target cannot take the call' },
  'unknown-target': { status: 422, title: 'There is no such target' },
  'number-not-allowed': { status: 422, title: 'This number may not be called' },
  'no-trunk': { status: 409, title: 'Calls to the outside are not set up' },
  'unknown-callback': { status: 404, title: 'There is no such open callback' },
  'unknown-switch': { status: 404, title: 'There is no such switch' },
  'phone-unreachable': { status: 409, title: "None of the agent's phones can be reached" },
  'unknown-flow': { status: 404, title: 'There is no such flow or version' },
  'flow-refused': { status: 422, title: 'The flow is not put in force' },
  'unknown-call': { status: 404, title: 'There is no such call' },
  'unknown-prompt': { status: 404, title: 'There is no such prompt' },
  'unknown-recording': { status: 404, title: 'There is no such recording' },
  'unknown-task': { status: 404, title: 'There is no such task' },
  'too-many-streams': { status: 429, title: 'Too many live streams' },
  'store-unavailable': { status: 503, title: 'Stored records cannot be reached' },
  busy: { status: 503, title: 'Not answered in time' },
  'ui-not-built': { status: 404, title: 'The screens are not built' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
};

export const titleOf = (code: ProblemCode): string => kinds[code].title;
export const statusOf = (code: ProblemCode): number => kinds[code].status;

type Extra = {
  /** Instead of the code's usual status. */
  status?: number;
  errors?: { path: string; message: string }[];
  headers?: Record<string, string>;
  cause?: unknown;
};

/** A refusal on its way to the client. `detail` is shown to people: what was wrong here, and what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ProblemCode;
  readonly extra: Extra;
  constructor(code: ProblemCode, detail: string, extra: Extra = {}) {
    super(detail, { cause: extra.cause });
    this.code = code;
    this.extra = extra;
  }
}

/** @param storeDownSince with `store-unavailable`: since when the database is known to be away */
export function sendProblem(res: Response, refusal: Refusal, storeDownSince: Instant | null = null): void {
  const status = refusal.extra.status ?? statusOf(refusal.code);
  const problem: Problem = {
    type: `urn:hotline:problem:${refusal.code}`,
    title: titleOf(refusal.code),
    status,
    code: refusal.code,
    detail: refusal.message,
    requestId: String(res.locals.requestId ?? ''),
    ...(refusal.extra.errors ? { errors: refusal.extra.errors } : {}),
    ...(refusal.code === 'store-unavailable' && storeDownSince !== null ? { since: storeDownSince } : {}),
  };
  res.status(status).set(refusal.extra.headers ?? {});
  res.set('Cache-Control', 'no-store').type('application/problem+json').send(JSON.stringify(problem));
}

/** Last in line: whatever was thrown becomes a problem. What we did not expect is logged, never shown. */
export function problemHandler(log: Logger, storeDownSince: () => Instant | null): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    const refusal = asRefusal(error);
    if (statusOf(refusal.code) >= 500) {
      log.error(
        { err: refusal.extra.cause ?? error, requestId: res.locals.requestId, code: refusal.code },
        'request failed',
      );
    }
    // Too late for a problem: what was begun cannot be taken back, only broken off.
    if (res.headersSent) res.destroy();
    else sendProblem(res, refusal, storeDownSince());
  };
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  // What body-parser and the router throw carries a status and mostly a type.
  const { status, type } = (error ?? {}) as { status?: unknown; type?: unknown };
  if (type === 'entity.parse.failed') return new Refusal('malformed-json', 'The body is not valid JSON.');
  if (type === 'entity.too.large') return new Refusal('body-too-large', 'At most 64 kB are taken.');
  if (status === 415) return new Refusal('unsupported-media-type', 'Send plain UTF-8 JSON, not compressed.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Refusal('malformed-request', 'The path, a header or the body cannot be decoded.');
  }
  return new Refusal('internal-error', 'Nothing can be done here; the log has the request id.', {
    cause: error,
  });
}

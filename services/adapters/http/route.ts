import type { Request, Response } from 'express';
import type { z } from 'zod';
import { hasOddLength } from '../../ivr/odd-length.ts';
import type { Role } from './contract/common.ts';
import type { ProblemCode } from './contract/problem.ts';
import { Refusal } from './errors.ts';
import type { Visitor } from './sessions.ts';

/**
 * A route, declared once: the server checks requests by it, and the OpenAPI document is written from it, so that the
 * two cannot differ.
 */
export type Route = {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As OpenAPI writes it: `/api/v1/calls/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly tag: 'session' | 'agents' | 'live' | 'records' | 'ivr' | 'operations';
  /** Who may call it. */
  readonly access: Access;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly replies: Readonly<Record<number, ReplyDocument>>;
  /** Refusals of its own, beside those that any route can give. */
  readonly refusals?: readonly ProblemCode[];
  readonly handle: (raw: RawCall) => Promise<void>;
};

export type Access = 'public' | readonly Role[];

export type ReplyDocument = {
  description: string;
  /** JSON by this schema, or text of this media type; left out for no body. */
  schema?: z.ZodType;
  mediaType?: string;
};

export type RawCall = { req: Request; res: Response; visitor: Visitor | null };

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A request that passed every check. */
export type Call<P, Q, B, A> = {
  req: Request;
  res: Response;
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
  visitor: A extends 'public' ? null : Visitor;
};

/** Declares a route; `handle` gets what the schemas let through, typed. */
export function route<
  const A extends Access,
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  declared: Omit<Route, 'handle' | 'access' | 'params' | 'query' | 'body'> & {
    access: A;
    params?: P;
    query?: Q;
    body?: B;
    handle: (call: Call<P, Q, B, A>) => Promise<void> | void;
  },
): Route {
  const { params, query, body, handle, ...rest } = declared;
  return {
    ...rest,
    ...(params ? { params } : {}),
    ...(query ? { query } : {}),
    ...(body ? { body } : {}),
    async handle({ req, res, visitor }) {
      await handle({
        req,
        res,
        params: check(params, req.params, 'invalid-path'),
        query: check(query, { ...req.query }, 'invalid-query'),
        body: check(body, req.body, 'invalid-body'),
        visitor,
      } as Call<P, Q, B, A>);
    },
  };
}

function check(schema: z.ZodType | undefined, input: unknown, code: ProblemCode): unknown {
  if (schema === undefined) return undefined;
  if (hasOddLength(input)) throw new Refusal(code, 'a `length` holds more than a value');
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues
    .slice(0, 20)
    .map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const words = errors.map((e) => (e.path === '' ? e.message : `${e.path}: ${e.message}`)).join('; ');
  throw new Refusal(code, words, { errors });
}

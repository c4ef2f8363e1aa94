import type { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { type ProblemCode, problemSchema } from './contract/problem.ts';
import { statusOf, titleOf } from './errors.ts';
import type { ReplyDocument, Route } from './route.ts';

export const openApiPath = '/api/v1/openapi.json';

/** OpenAPI 3.1 of all routes. */
export function openApiDocument(routes: readonly Route[]): Record<string, unknown> {
  const paths: ZodOpenApiPathsObject = {};
  for (const one of routes) paths[one.path] = { ...paths[one.path], [one.method]: operationOf(one) };
  const document = createDocument({
    openapi: '3.1.0',
    info: {
      title: 'hotline',
      version: '1',
      description:
        'Times are milliseconds since 1970-01-01T00:00:00Z. Refusals are RFC 9457 problems with a stable `code`. ' +
        'Requests that change something are taken from our own pages, from programs that send no Origin, or with X-CSRF-Token.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'hotline_session',
          description:
            'Set by signIn. The true name carries the port, and `__Host-` in front when TLS is used.',
        },
      },
    },
  });
  return document as unknown as Record<string, unknown>;
}

function operationOf(one: Route): ZodOpenApiOperationObject {
  const requestParams = {
    ...(one.params ? { path: one.params as z.ZodObject } : {}),
    ...(one.query ? { query: one.query as z.ZodObject } : {}),
  };
  const replies = Object.entries(one.replies).map(([status, reply]) => [status, responseOf(reply)]);
  return {
    operationId: one.operationId,
    summary: one.summary,
    tags: [one.tag],
    security: one.access === 'public' ? [] : [{ session: [] }],
    ...(one.access === 'public' ? {} : { 'x-roles': one.access }),
    ...(Object.keys(requestParams).length > 0 ? { requestParams } : {}),
    ...(one.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: one.body } } } }
      : {}),
    responses: { ...problemsOf(one), ...Object.fromEntries(replies) },
  };
}

function responseOf({ description, schema, mediaType }: ReplyDocument) {
  if (schema) return { description, content: { 'application/json': { schema } } };
  if (mediaType) return { description, content: { [mediaType]: { schema: { type: 'string' as const } } } };
  return { description };
}

/** Every code the route can answer with, by status. */
function problemsOf(one: Route) {
  const changes = one.method !== 'get';
  const codes = new Set<ProblemCode>([
    'malformed-request',
    'internal-error',
    ...(one.access === 'public' ? [] : (['not-signed-in', 'not-allowed', 'store-unavailable'] as const)),
    ...(changes ? (['cross-site-request'] as const) : []),
    ...(one.params ? (['invalid-path'] as const) : []),
    ...(one.query ? (['invalid-query'] as const) : []),
    ...(one.body
      ? (['invalid-body', 'malformed-json', 'body-too-large', 'unsupported-media-type'] as const)
      : []),
    ...(one.refusals ?? []),
  ]);
  const byStatus = Map.groupBy(codes, statusOf);
  return Object.fromEntries(
    [...byStatus].map(([status, own]) => [
      status,
      {
        description: own.map((code) => `\`${code}\`: ${titleOf(code)}`).join('; '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
}

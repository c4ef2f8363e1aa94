import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { problemSchema } from '../../../services/adapters/http/contract/index.ts';
import { type HttpUnderTest, startHttp } from '../../support/http-server.ts';

const operationSchema = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  parameters: z.array(z.looseObject({ in: z.enum(['path', 'query']), name: z.string() })).optional(),
  requestBody: z.looseObject({ content: z.record(z.string(), z.unknown()) }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string() })),
});
const documentSchema = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

let http: HttpUnderTest;
let document: z.infer<typeof documentSchema>;
beforeAll(async () => {
  http = await startHttp();
  document = documentSchema.parse(await (await http.get('/api/v1/openapi.json')).json());
});
afterAll(() => http.stop());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

test('is OpenAPI 3.1 and has every route of the server, and no other', () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  const documented = operations().map(({ method, path }) => `${method} ${path}`);
  const served = http.server.routes.map((one) => `${one.method} ${one.path}`);
  expect(documented.sort()).toEqual(served.sort());
  expect(documented).toEqual(
    expect.arrayContaining([
      'post /api/v1/session',
      'delete /api/v1/session',
      'put /api/v1/agents/{agent}/state',
      'get /api/v1/live',
      'get /api/v1/live/stream',
      'get /api/v1/calls',
      'get /api/v1/calls/{id}',
      'get /api/v1/reports/kpi',
      'get /api/v1/openapi.json',
      'get /healthz',
      'get /readyz',
      'get /metrics',
    ]),
  );
});

test('each documented operation is answered by the server', async () => {
  for (const { method, path } of operations()) {
    const res = await http.send(method.toUpperCase(), path.replace(/\{\w+\}/g, '1001'));
    // Refused for want of a session or a body is fine: the route is there.
    const code = res.ok ? 'fine' : problemSchema.parse(await res.json()).code;
    expect(['unknown-route', 'method-not-allowed'], `${method} ${path}`).not.toContain(code);
    if (res.ok) await res.body?.cancel();
  }
});

test('operations are named once, and their path parameters are described', () => {
  const all = operations();
  expect(new Set(all.map(({ operation }) => operation.operationId)).size).toBe(all.length);
  for (const { path, operation } of all) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const described = (operation.parameters ?? []).filter((one) => one.in === 'path').map((one) => one.name);
    expect(described).toEqual(named);
  }
});

test('every reference leads somewhere', () => {
  const text = JSON.stringify(document);
  const references = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(references.length).toBeGreaterThan(20);
  for (const name of references) expect(document.components.schemas).toHaveProperty([name]);
});

test('bodies, replies and refusals are described', () => {
  for (const { method, path, operation } of operations()) {
    const label = `${method} ${path}`;
    expect(
      Object.keys(operation.responses).some((status) => status.startsWith('2')),
      label,
    ).toBe(true);
    expect(JSON.stringify(operation.responses), label).toContain('application/problem+json');
    if (method === 'put' || method === 'post') expect(operation.requestBody, label).toBeDefined();
  }
});

import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemSchema } from '../../../services/adapters/http/contract/index.ts';
import { type HttpUnderTest, startHttp } from '../../support/http-server.ts';
import { inTime } from '../../support/until.ts';

let http: HttpUnderTest;
let cookie: string;
beforeAll(async () => {
  http = await startHttp({ limits: { signInFailures: 1e9, signInFailuresPerAddress: 1e9 } });
  cookie = await http.signIn('lead');
});
afterAll(() => http.stop());

type Answer = { status: number; type: string; body: string };

/** Sends a path as it is: fetch would tidy it up. */
function sendRaw(method: string, path: string, body: Buffer | null, contentType: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = request(
      {
        host: '127.0.0.1',
        port: http.port,
        method,
        path,
        headers: {
          cookie,
          ...(body ? { 'content-type': contentType, 'content-length': body.length } : {}),
        },
      },
      (res) => {
        let text = '';
        res.setEncoding('utf8');
        res.on('data', (chunk: string) => {
          text += chunk;
        });
        res.on('end', () =>
          resolve({ status: res.statusCode ?? 0, type: res.headers['content-type'] ?? '', body: text }),
        );
      },
    );
    req.on('error', reject);
    req.end(body ?? undefined);
  });
}

/** Whatever is sent: an answer, never a failure of ours, and a refusal in the one form. */
async function expectCalm(
  method: string,
  path: string,
  body: Buffer | null,
  contentType = 'application/json',
) {
  const answer = await inTime(`${method} ${path}`, sendRaw(method, path, body, contentType));
  expect(answer.status, answer.body).toBeLessThan(500);
  if (answer.status >= 400) {
    expect(answer.type).toMatch(/^application\/problem\+json/);
    problemSchema.parse(JSON.parse(answer.body));
  }
}

const textBody = fc.oneof(
  fc.json().map((text) => Buffer.from(text)),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      '{"__proto__":{"state":"available"}}',
      '{"constructor":1}',
      '['.repeat(60_000),
      '1e999',
      '\u0000',
    )
    .map((text) => Buffer.from(text)),
);
const nearlyRight = fc
  .record(
    {
      state: fc.oneof(fc.constantFrom('available', 'not-ready', 'signed-out'), fc.jsonValue()),
      reason: fc.oneof(fc.constantFrom('meal', 'other', 'declined'), fc.jsonValue()),
      user: fc.oneof(fc.constantFrom('lead', 'constructor'), fc.jsonValue()),
      password: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  .map((value) => Buffer.from(JSON.stringify(value)));
const contentType = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-16',
  'application/json; charset=klingon',
  'APPLICATION/JSON',
  'text/html',
);

test('any body', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(['PUT', '/api/v1/agents/1001/state'], ['POST', '/api/v1/session']),
      fc.oneof(textBody, nearlyRight),
      contentType,
      async ([method = '', path = ''], body, type) => expectCalm(method, path, body, type),
    ),
    { numRuns: 400 },
  );
});

test('any path segment and query', async () => {
  const segment = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }).map((text) => encodeURIComponent(text.toWellFormed())),
    fc.stringMatching(/^[!-"$->@-~]{0,20}$/),
    fc.constantFrom('%', '%00', '%ff', '..', '%2e%2e', '.', '', '__proto__', 'x'.repeat(2000)),
  );
  const query = fc
    .array(
      fc.tuple(
        fc.constantFrom(
          'from',
          'to',
          'number',
          'limit',
          'cursor',
          'reveal',
          'reason',
          'interval',
          '__proto__',
          'a[b]',
        ),
        fc.oneof(
          segment,
          fc.constantFrom('2026-05-01T00:00:00Z', '1790000000000', 'numbers', 'day', '99999999999999'),
        ),
      ),
      { maxLength: 4 },
    )
    .map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join('&'));
  const path = fc.constantFrom(
    (s: string, q: string) => `/api/v1/calls/${s}?${q}`,
    (_: string, q: string) => `/api/v1/calls?${q}`,
    (_: string, q: string) => `/api/v1/live?${q}`,
    (_: string, q: string) => `/api/v1/reports/kpi?${q}`,
    (s: string, q: string) => `/${s}?${q}`,
    (s: string, q: string) => `/api/v1/agents/${s}/state?${q}`,
  );
  const method = fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH');
  await fc.assert(
    fc.asyncProperty(path, segment, query, method, async (build, s, q, verb) => {
      const target = build(s, q).replace(/#/g, '%23');
      if (verb === 'HEAD') {
        expect((await inTime(target, sendRaw(verb, target, null, ''))).status).toBeLessThan(500);
      } else {
        await expectCalm(verb, target, null);
      }
    }),
    { numRuns: 400 },
  );
});

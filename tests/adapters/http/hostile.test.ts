import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { problemSchema } from '../../../services/adapters/http/contract/index.ts';
import type { HttpConfig } from '../../../services/adapters/http/options.ts';
import { type HttpUnderTest, startHttp } from '../../support/http-server.ts';
import { heapBytes, openHandles } from '../../support/memory.ts';
import { exchange, holdOpen, type RawAnswer } from '../../support/raw-http.ts';
import { chance } from '../../support/seeded.ts';
import { type Operation, strangeRequest } from '../../support/strange-requests.ts';
import { inTime, until } from '../../support/until.ts';

const documentSchema = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        parameters: z.array(z.looseObject({ in: z.enum(['path', 'query']), name: z.string() })).default([]),
        requestBody: z.unknown().optional(),
      }),
    ),
  ),
});

let http: HttpUnderTest;
afterEach(() => http.stop());

const start = async (limits: HttpConfig['limits'] = {}) => {
  http = await startHttp({ limits: { signInFailures: 1e9, signInFailuresPerAddress: 1e9, ...limits } });
  return http;
};
const stillServes = async () => expect((await http.get('/healthz')).status).toBe(200);
const connections = () => openHandles('TCPSocketWrap');

async function operations(): Promise<Operation[]> {
  const { paths } = documentSchema.parse(await (await http.get('/api/v1/openapi.json')).json());
  return Object.entries(paths).flatMap(([path, own]) =>
    Object.entries(own).map(([method, { parameters, requestBody }]) => ({
      method,
      path,
      parameters,
      takesBody: requestBody !== undefined,
    })),
  );
}

/** Never a failure of ours, and every refusal in the one form, without a stack. null: the line was cut, as for what is no HTTP. */
function expectCalm(answer: RawAnswer | null, sent: string): void {
  if (answer === null) return;
  expect(answer.status, `${sent}\n${answer.body}`).toBeLessThan(500);
  expect(answer.body).not.toMatch(/\bat .*\.(ts|js|mjs):\d+|node_modules/);
  // Behind the head of an answer to HEAD stands nothing of its own.
  if (answer.status < 400 || answer.body === '' || sent.startsWith('HEAD ')) return;
  expect(answer.type, `${sent}\n${answer.body}`).toMatch(/^application\/problem\+json/);
  expect(problemSchema.parse(JSON.parse(answer.body)).status).toBe(answer.status);
}

test('a length with parts of its own, where a text belongs: 422 or the like, no failure of ours; nested as deeply as it likes', async () => {
  await start();
  const nested = `{"user":${'['.repeat(40_000)}${']'.repeat(40_000)},"password":"x"}`;
  for (const body of ['{"user":{"length":{"toString":1,"valueOf":1}},"password":"x"}', nested]) {
    const headers = { 'content-type': 'application/json' };
    const answer = await http.send('POST', '/api/v1/session', { headers, text: body });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    problemSchema.parse(await answer.json());
  }
});

describe('every operation of the OpenAPI document', () => {
  // A broken body behind an `Upgrade` is noticed by Node's HTTP server (26.10) when the time for a request is up, not at once.
  beforeEach(() => start({ headersMs: 2_000, requestMs: 2_000, slowCheckMs: 200 }));

  test('100 strange requests to each: a calm answer to each, and nothing is kept of them', async () => {
    const dice = chance();
    const cookie = await http.signIn('lead');
    const all = await operations();
    expect(all.length).toBeGreaterThan(10);
    let [answers, cut] = [0, 0];
    const round = async (times: number) => {
      for (const operation of all)
        for (let i = 0; i < times; i += 1) {
          const sent = strangeRequest(operation, cookie, dice);
          const shown = sent.toString('latin1').slice(0, 1_000);
          const answer = await inTime(shown, exchange(http.port, [sent]), 30_000);
          expectCalm(answer, shown);
          if (answer === null) cut += 1;
          else answers += 1;
        }
      await until('all connections to be closed', () => connections() <= handles, { withinMs: 30_000 });
      http.logged.length = 0;
      http.commands.length = 0;
      http.people.audited.length = 0;
      http.people.queries.length = 0;
    };
    await http.get('/healthz');
    const handles = connections();
    await round(20);
    const [heap, listeners, sessions] = [heapBytes(), http.listeners.size, http.people.sessions.size];
    await round(80);
    expect(heapBytes() - heap).toBeLessThan(8_000_000);
    expect(http.listeners.size).toBe(listeners);
    expect(http.people.sessions.size).toBe(sessions);
    // Mostly it is HTTP at least, and gets an answer.
    expect(cut).toBeLessThan(answers / 10);
    await stillServes();
  }, 120_000);
});

describe('connections that cost', () => {
  test('headers that never end, and bodies that come a byte at a time, are cut off in time', async () => {
    await start({ headersMs: 200, requestMs: 400, slowCheckMs: 50 });
    const before = connections();
    const body =
      'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{';
    const slow = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        holdOpen(http.port, i % 2 === 0 ? 'GET / HTTP/1.1\r\nX: ' : body),
      ),
    );
    const dripping = setInterval(() => {
      for (const socket of slow) if (socket.writable) socket.write(' ');
    }, 20);
    try {
      await until('all of them to be cut off', () => slow.every((socket) => socket.destroyed), {
        withinMs: 30_000,
      });
    } finally {
      clearInterval(dripping);
      for (const socket of slow) socket.destroy();
    }
    await until('no socket to be left', () => connections() <= before, { withinMs: 30_000 });
    await stillServes();
  });

  test('more connections than allowed are closed unheard; when some go, others are served', async () => {
    await start({ connections: 50 });
    const held = await Promise.all(
      Array.from({ length: 50 }, () => holdOpen(http.port, 'GET / HTTP/1.1\r\n')),
    );
    expect(
      await inTime('one too many', exchange(http.port, ['GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'])),
    ).toBeNull();
    for (const socket of held) socket.destroy();
    await until('room again', async () => (await http.get('/healthz')).status === 200);
  });

  test('500 live streams opened and dropped: none is left, and nobody is computed for', async () => {
    await start({ streams: 1_000, streamsPerUser: 1_000 });
    const cookie = await http.signIn('lead');
    const before = connections();
    for (let round = 0; round < 5; round += 1) {
      const opened = await Promise.all(
        Array.from({ length: 100 }, () =>
          holdOpen(http.port, `GET /api/v1/live/stream HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\n\r\n`),
        ),
      );
      const begun = opened.map(
        (socket) => new Promise<void>((resolve) => socket.once('data', () => resolve())),
      );
      // Some do not even wait for the first word.
      if (round % 2 === 0) await inTime('the streams to begin', Promise.all(begun), 30_000);
      http.step();
      for (const socket of opened) socket.destroy();
      await until('all of them to be gone', () => connections() <= before, { withinMs: 30_000 });
    }
    expect(http.listeners.size).toBe(1);
    let made = 0;
    const { live } = http.application;
    http.application.live = () => {
      made += 1;
      return live();
    };
    for (let i = 0; i < 10; i += 1) http.step();
    await stillServes();
    expect(made).toBe(0);
  });

  test('a body larger than said, two lengths, and requests glued together: one calm answer each, or the line is cut', async () => {
    await start();
    const head = 'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    for (const sent of [
      `${head}Content-Length: 2\r\n\r\n{}${'x'.repeat(100_000)}`,
      `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${head}Content-Length: 99999999999999999999\r\n\r\n{}`,
      `${head}Content-Length: 70000\r\n\r\n${'x'.repeat(70_000)}`,
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
      'GET / HTTP/9.9\r\n\r\n',
      'CONNECT 127.0.0.1:5432 HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(200),
      '\0\x01\x02'.repeat(10_000),
      `${'\r\n'.repeat(5_000)}GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`,
    ])
      expectCalm(await inTime(sent.slice(0, 300), exchange(http.port, [sent])), sent.slice(0, 300));
    await stillServes();
  });
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type ControllerSilence, listenForController } from '../../infra/supervisor/listen-for-controller.ts';
import { until } from '../support/until.ts';

const stop = new AbortController();
let server: Server | undefined;
afterEach(() => {
  stop.abort();
  server?.close();
});

/** Listens to a controller that says this. */
async function listenTo(answer: () => { status: number; body: object }): Promise<ControllerSilence> {
  server = createServer((_, response) => {
    const { status, body } = answer();
    response.writeHead(status).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`;
  return listenForController(
    url,
    { awayAfterMs: 60_000, askEveryMs: 10, answerWithinMs: 1_000 },
    stop.signal,
  );
}

test('a controller that is still starting and serves calls already does not count as silent; one that says nothing does', async () => {
  let body: object = {};
  const silence = await listenTo(() => ({ status: 503, body }));
  await until('silence', () => silence.silentMs() > 300);
  body = { telephony: 'up', postgres: 'down' };
  await until('an answer', () => silence.silentMs() < 100);
  body = {};
  await until('silence again', () => silence.silentMs() > 300);
  body = { telephony: 'up', postgres: 'down' };
  await silence.askNow(1_000);
  expect(silence.silentMs()).toBeLessThan(300);
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ControllerSilence, listenForController } from '../../infra/supervisor/listen-for-controller.ts';
import { until } from '../support/until.ts';

const times = { awayAfterMs: 60_000, askEveryMs: 20, answerWithinMs: 1_000 };
const stop = new AbortController();
let answer: { status: number; text: string };
const server = createServer((_, response) => {
  response.writeHead(answer.status).end(answer.text);
});
let controller: ControllerSilence;

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  answer = { status: 200, text: '{"ready":true,"telephony":"up"}' };
  const { port } = server.address() as AddressInfo;
  controller = listenForController(`http://127.0.0.1:${port}/readyz`, times, stop.signal);
});
afterAll(() => {
  stop.abort();
  server.close();
});

/** Long enough for many questions, were none of them answered as meant. */
const long = 400;
const grows = (what: string, silence: () => number) => until(what, () => silence() > long);
const falls = (what: string, silence: () => number) => until(what, () => silence() < long);

test('a controller that serves calls while the rest of it starts is neither silent nor deaf', async () => {
  answer = { status: 502, text: 'no statement of any controller' };
  await grows('silence', controller.silentMs);
  answer = { status: 503, text: '{"ready":false,"telephony":"up"}' };
  await falls('an answer', controller.silentMs);
  expect(controller.deafMs()).toBeLessThan(long);
});

test('a controller that has lost Asterisk answers, and is deaf', async () => {
  answer = { status: 503, text: '{"ready":false,"telephony":"down"}' };
  await grows('deafness', controller.deafMs);
  await falls('an answer', controller.silentMs);
});

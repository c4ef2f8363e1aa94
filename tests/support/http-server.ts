import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { expect } from 'vitest';
import { problemSchema } from '../../services/adapters/http/contract/index.ts';
import type { HttpConfig, HttpServerOptions } from '../../services/adapters/http/options.ts';
import { createHttpServer } from '../../services/adapters/http/server.ts';
import type { Problem } from '../../services/ivr/check/problem.ts';
import { fakeFlowDesk } from './fake-flow-desk.ts';
import {
  fakeApplication,
  fakeBrowserPhones,
  fakePrompts,
  fakeStore,
  passwordOf,
  type UserName,
} from './http-fakes.ts';

/** A server on fakes at a free port, with what it logs kept for looking at. */
export async function startHttp(
  config: Partial<HttpConfig> = {},
  real: Partial<Pick<HttpServerOptions, 'store' | 'tasks' | 'auth' | 'audit'>> = {},
) {
  const app = fakeApplication();
  const people = fakeStore();
  const ownDir = await mkdtemp(join(tmpdir(), 'hotline-http-'));
  const recordingsDir = join(ownDir, 'recordings');
  await mkdir(recordingsDir);
  const logged: string[] = [];
  let flowProblem: Problem | null = null;
  const server = createHttpServer({
    application: app.application,
    store: people.store,
    tasks: people.tasks,
    auth: people.auth,
    audit: people.audit,
    prompts: fakePrompts(),
    flowDesk: fakeFlowDesk(() =>
      flowProblem === null
        ? null
        : { ok: false, code: 'refused', message: 'Refused; the one before stays.', problems: [flowProblem] },
    ),
    ...real,
    metrics: { contentType: 'text/plain; version=0.0.4', text: async () => 'hotline_up 1\n' },
    browserPhones: fakeBrowserPhones(),
    uiDir: ownDir,
    recordingsDir,
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    config: { bindAddress: '127.0.0.1', port: 0, ...config },
  });
  const { port } = await server.listen().catch(async (error: unknown) => {
    await rm(ownDir, { recursive: true, force: true });
    throw error;
  });
  const base = `http://127.0.0.1:${port}`;

  const send = (method: string, path: string, options: SendOptions = {}) =>
    fetch(base + path, {
      method,
      headers: {
        ...(options.cookie ? { cookie: options.cookie } : {}),
        ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.json === undefined ? {} : { body: JSON.stringify(options.json) }),
      ...(options.text === undefined ? {} : { body: options.text }),
      ...(options.signal ? { signal: options.signal } : {}),
    });

  return {
    ...app,
    people,
    /** From now on every activation is refused with this. */
    refuseFlow(problem: Problem): void {
      flowProblem = problem;
    },
    server,
    port,
    base,
    logged,
    uiDir: ownDir,
    recordingsDir,
    send,
    get: (path: string, options?: SendOptions) => send('GET', path, options),
    /** Signs in and returns the cookie. */
    async signIn(user: UserName): Promise<string> {
      const res = await send('POST', '/api/v1/session', { json: { user, password: passwordOf(user) } });
      if (res.status !== 200) throw new Error(`sign-in of ${user}: ${res.status} ${await res.text()}`);
      return (res.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    },
    async stop() {
      await server.close();
      await rm(ownDir, { recursive: true, force: true });
    },
  };
}
export type HttpUnderTest = Awaited<ReturnType<typeof startHttp>>;

export type SendOptions = {
  cookie?: string;
  json?: unknown;
  text?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
};

export type StreamEvent = { event: string; id: string; data: unknown };

/** Reads server-sent events one by one. */
export async function* streamEvents(res: Response): AsyncGenerator<StreamEvent> {
  if (!res.body) return;
  let rest = '';
  for await (const chunk of res.body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const fields = Object.fromEntries(
        part.split('\n').map((line) => {
          const at = line.indexOf(': ');
          return [line.slice(0, at), line.slice(at + 2)];
        }),
      );
      if (fields.event)
        yield { event: fields.event, id: fields.id ?? '', data: JSON.parse(fields.data ?? 'null') };
    }
  }
}

/** The problem in an answer, checked against its schema. */
export async function problemOf(res: Response) {
  expect(res.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const text = await res.text();
  expect(text).not.toMatch(/\bat .*\.(ts|js|mjs):\d+/);
  const problem = problemSchema.parse(JSON.parse(text));
  expect(problem.status).toBe(res.status);
  return problem;
}

import { createRequire } from 'node:module';
import { Pool } from 'undici';
import { AriError } from './errors.ts';

/** What swagger-client hands to its HTTP client. */
type Exchange = {
  url: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  headers: Record<string, string>;
  body?: string;
  on: { response(answer: Answer): void; error(error: unknown): void };
};
type Answer = { url: string; method: string; status: number; headers: unknown; data: Buffer; obj?: unknown };
type Route = { pool: Pool; authorization: string; timeoutMs: number };
type SwaggerModule = { ShredHttpClient: { prototype: { execute(exchange: Exchange): void } } };

/**
 * Replaces the transport inside ari-client: the shipped one never settles when a connection is refused or reset, has no
 * time-outs, opens a connection per request and loses the HTTP status. Ours sends everything for one origin through one
 * bounded keep-alive pool, always settles, and rejects with {@link AriError}.
 *
 * Credentials belong to the origin here, not to the process as in the library.
 */
const routes = new Map<string, Route>();
const require = createRequire(import.meta.url);
const requireFromAriClient = createRequire(require.resolve('ari-client'));
let patched = false;

export type TransportOptions = {
  url: string;
  user: string;
  password: string;
  timeoutMs: number;
  connections: number;
};

/** Opens the pool for an origin; requests of ari-client to that origin go through it until `close`. */
export function openTransport(options: TransportOptions): { close(): Promise<void> } {
  patchOnce();
  const { origin } = new URL(options.url);
  const { timeoutMs } = options;
  const pool = new Pool(origin, {
    connections: options.connections,
    // Asterisk answers in order and slowly when pipelined: one request at a time per connection.
    pipelining: 1,
    // Below the server's own limit, so that a connection is not reused at the moment it is being closed.
    keepAliveTimeout: 10_000,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const authorization = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`;
  const route = { pool, authorization, timeoutMs };
  routes.set(origin, route);
  return {
    close: () => {
      if (routes.get(origin) === route) routes.delete(origin);
      return pool.destroy();
    },
  };
}

function patchOnce(): void {
  if (patched) return;
  patched = true;
  const swagger = requireFromAriClient('swagger-client') as SwaggerModule;
  // Requiring it made a global `log` that prints a warning at each connect.
  (globalThis as { log?: unknown }).log = () => undefined;
  // Answers stay plain data: the library would hang itself, with the password, onto each of them.
  (requireFromAriClient('./resources.js') as { knownTypes: string[] }).knownTypes.length = 0;
  swagger.ShredHttpClient.prototype.execute = (exchange) => {
    exchangeOverPool(exchange).then(
      // The library parses inside these callbacks and may throw (a string even); it has rejected by then or our time-out will.
      (answer) => guarded(() => exchange.on.response(answer), exchange),
      (error) => guarded(() => exchange.on.error(error), exchange),
    );
  };
}

function guarded(tell: () => void, exchange: Exchange): void {
  try {
    tell();
  } catch (error) {
    try {
      exchange.on.error(error instanceof Error ? error : new Error(String(error)));
    } catch {
      // swagger-client reports a failure and then throws it as well: it is known to the caller already.
    }
  }
}

async function exchangeOverPool(exchange: Exchange): Promise<Answer> {
  const { origin, pathname, search } = new URL(exchange.url);
  const operation = `${exchange.method} ${pathname}`;
  const route = routes.get(origin);
  if (!route) throw new AriError(operation, 'unreachable', null, 'the client is closed');
  const { url } = exchange;
  // The library says `get` for its descriptions, which is no method of HTTP.
  const method = exchange.method.toUpperCase() as Exchange['method'];
  let status: number;
  let headers: unknown;
  let data: Buffer;
  try {
    const answer = await route.pool.request({
      path: pathname + search,
      method,
      headers: {
        authorization: route.authorization,
        accept: 'application/json',
        ...(exchange.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: exchange.body ?? null,
      // Covers the wait for a free connection too, which the pool's own limits do not.
      signal: AbortSignal.timeout(route.timeoutMs),
    });
    status = answer.statusCode;
    headers = answer.headers;
    data = Buffer.from(await answer.body.arrayBuffer());
  } catch (error) {
    throw lostRequest(operation, error);
  }
  if (status >= 300)
    throw new AriError(operation, 'refused', status, data.toString('utf8').trim().slice(0, 300));
  return { url, method, status, headers, data, obj: parsed(data) };
}

/** swagger-client wants its descriptions as objects; a body that is not JSON is the operation's business. */
function parsed(data: Buffer): unknown {
  if (data.length === 0) return {};
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
}

function lostRequest(operation: string, error: unknown): AriError {
  const { name, code, message } = error as Error & { code?: string };
  const timedOut =
    name === 'TimeoutError' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
  return new AriError(operation, timedOut ? 'timed-out' : 'unreachable', null, code ?? message);
}

import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import express, { type Express, type RequestHandler } from 'express';
import { roles } from './contract/common.ts';
import { problemHandler, Refusal } from './errors.ts';
import { createLiveHub } from './live-hub.ts';
import { liveSnapshot } from './live-snapshot.ts';
import { openApiDocument, openApiPath } from './openapi.ts';
import { type BrowserPhones, defaultLimits, type HttpLimits, type HttpServerOptions } from './options.ts';
import { requestLog } from './request-log.ts';
import { createReveal } from './reveal.ts';
import type { Route } from './route.ts';
import { route } from './route.ts';
import { routerOf } from './router.ts';
import { agentRoutes } from './routes/agents.ts';
import { callControlRoutes } from './routes/call-control.ts';
import { callbackRoutes } from './routes/callbacks.ts';
import { callRoutes } from './routes/calls.ts';
import { ivrRoutes } from './routes/ivr.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { liveRoutes } from './routes/live.ts';
import { operationRoutes } from './routes/operations.ts';
import { phoneRoutes } from './routes/phone.ts';
import { promptRoutes } from './routes/prompts.ts';
import { recordingRoutes } from './routes/recordings.ts';
import { reportRoutes } from './routes/reports.ts';
import { reserveRoutes } from './routes/reserve.ts';
import { sessionRoutes } from './routes/session.ts';
import { switchRoutes } from './routes/switches.ts';
import { taskRoutes } from './routes/tasks.ts';
import { securityHeaders } from './security-headers.ts';
import { createSessions } from './sessions.ts';
import { staticUi } from './static-ui.ts';

export type HttpServer = {
  /** Begins to take requests. @throws when the port is taken or the address is not this machine's */
  listen(): Promise<{ address: string; port: number }>;
  /** Ends live streams, lets open requests finish for at most 2 s, then cuts them off. */
  close(): Promise<void>;
  /** Every route, for checks that compare them with the OpenAPI document. */
  readonly routes: readonly Route[];
};

/** API, live streams, metrics, health and the screens, on one port. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { application, store, tasks, prompts, auth, audit, flowDesk, metrics } = options;
  const { browserPhones, uiDir, recordingsDir, config } = options;
  const log = options.log.child({ part: 'http' });
  const limits: HttpLimits = { ...defaultLimits, ...config.limits };
  const now = () => application.now();

  const sessions = createSessions(auth, now, limits, () => boundPort(server) ?? config.port);
  const hub = createLiveHub({
    snapshot: () => liveSnapshot(application, 'masked'),
    recheck: sessions.recheck,
    limits,
    log,
  });
  const reveal = createReveal(audit, now, limits.answerMs);
  // Whom a task is given to has to call the number.
  const revealToAll = createReveal(audit, now, limits.answerMs, roles);
  const routes: Route[] = [
    ...sessionRoutes({ auth, sessions, hub, limits, now }),
    ...agentRoutes(application, limits),
    ...callControlRoutes(application, limits),
    ...reserveRoutes(application, limits),
    ...phoneRoutes(browserPhones),
    ...liveRoutes(application, hub, reveal),
    ...callRoutes({ application, store, reveal, limits }),
    ...reportRoutes({ application, store, limits }),
    ...taskRoutes({ application, tasks, reveal: revealToAll, limits }),
    ...recordingRoutes({ dir: recordingsDir, tasks, audit, now, limits }),
    ...switchRoutes(application, limits),
    ...promptRoutes(prompts),
    ...callbackRoutes(application, limits),
    ...ledgerRoutes({ application, store, limits }),
    ...ivrRoutes({ application, flowDesk, limits }),
    ...operationRoutes(application, metrics),
  ];
  routes.push(openApiRoute(routes));

  let closing = false;
  // A connection kept alive after its last answer would hold up the end until it is cut off.
  const closeBehind: RequestHandler = (_req, res, next) => {
    res.once('close', () => {
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
    next();
  };

  const app: Express = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.set('trust proxy', [...(config.trustedProxies ?? [])]);
  app.use(closeBehind, requestLog(log), ...securityHeaders(webSocketOrigins(browserPhones)));
  app.use(routerOf(routes, sessions, limits));
  app.use(...staticUi(uiDir));
  app.use(() => {
    throw new Refusal('unknown-route', `What there is stands in ${openApiPath}.`);
  });
  app.use(problemHandler(log, () => application.health().downSince?.postgres ?? null));

  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.slowCheckMs,
      keepAliveTimeout: 10_000,
      maxHeaderSize: 16 * 1024,
    },
    app,
  );
  server.maxConnections = limits.connections;
  // An expectation that nobody here knows is passed over: the request gets the answer it would get without.
  server.on('checkExpectation', app);
  server.on('clientError', refuseUnreadable);
  let unsubscribe: (() => void) | null = null;

  return {
    routes,
    async listen() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) =>
          reject(new Error(listenProblem(error, config.bindAddress, config.port), { cause: error })),
        );
        server.listen(config.port, config.bindAddress, resolve);
      });
      unsubscribe = application.onEvents(() => hub.changed());
      const port = boundPort(server) ?? config.port;
      log.info({ address: config.bindAddress, port }, 'listening');
      return { address: config.bindAddress, port };
    },
    async close() {
      closing = true;
      unsubscribe?.();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      hub.close();
      server.closeIdleConnections();
      const cutOff = setTimeout(() => server.closeAllConnections(), limits.closeMs);
      await closed;
      clearTimeout(cutOff);
    },
  };
}

function openApiRoute(others: readonly Route[]): Route {
  let document: string | null = null;
  const self: Route = route({
    method: 'get',
    path: openApiPath,
    operationId: 'getOpenApi',
    summary: 'This document',
    tag: 'operations',
    access: 'public',
    replies: { 200: { description: 'OpenAPI 3.1', mediaType: 'application/json' } },
    handle({ res }) {
      document ??= JSON.stringify(openApiDocument(others));
      res.type('application/json').send(document);
    },
  });
  return self;
}

/** The content policy names them: pages may connect nowhere else. */
const webSocketOrigins = (phones: BrowserPhones) =>
  [phones.webSocketUrl, phones.secureWebSocketUrl].map((url) => new URL(url).origin);

function boundPort(server: Server): number | null {
  const address = server.address() as AddressInfo | null;
  return address?.port ?? null;
}

function listenProblem(error: NodeJS.ErrnoException, address: string, port: number): string {
  const what = `HTTP cannot listen on ${address}:${port}`;
  if (error.code === 'EADDRINUSE') return `${what}: the port is taken; free it or set HOTLINE_HTTP_PORT`;
  if (error.code === 'EADDRNOTAVAIL') return `${what}: not an address of this machine; set HOTLINE_BIND`;
  if (error.code === 'EACCES') return `${what}: not permitted; set HOTLINE_HTTP_PORT to 1024 or above`;
  return `${what}: ${error.message}`;
}

/** Time to take the refusal before the line is cut for good. */
const refusalMs = 1_000;

/** What is not HTTP never reaches Express; it gets a short answer and the line is cut. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({
    type: 'urn:hotline:problem:malformed-request',
    title: 'The request cannot be read',
    status: 400,
    code: 'malformed-request',
    detail: 'This is not HTTP as we can read it, or its headers are too large or came too slowly.',
    requestId: '',
  });
  // One that neither reads nor closes is not kept.
  setTimeout(() => socket.destroy(), refusalMs).unref();
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

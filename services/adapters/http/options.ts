import type { Logger } from 'pino';
import type { AgentId } from '../../events/ids.ts';
import type { Application } from '../../runtime/application.ts';
import type { FlowDesk } from '../../runtime/flow-desk.ts';
import type { AuditPort, AuthPort, RecordsPort } from '../../runtime/people-port.ts';
import type { PromptsPort } from '../../runtime/prompts-port.ts';
import type { TasksPort } from '../../runtime/tasks-port.ts';

/** What the HTTP server is made of; all of it is given by main. */
export type HttpServerOptions = {
  application: Application;
  /** Stored calls and reports. */
  store: RecordsPort;
  tasks: TasksPort;
  prompts: PromptsPort;
  auth: AuthPort;
  audit: AuditPort;
  flowDesk: FlowDesk;
  /** Prometheus text; see adapters/prometheus. */
  metrics: { contentType: string; text(): Promise<string> };
  browserPhones: BrowserPhones;
  /** Folder with the built screens. */
  uiDir: string;
  /** Folder with what callers said to the recorder. */
  recordingsDir: string;
  log: Logger;
  config: HttpConfig;
};

/** What agents' browsers need to be their telephones. */
export type BrowserPhones = {
  /** null when there is no such account. */
  accountOf(agent: AgentId): { account: string; password: string } | null;
  /** SIP over WebSocket for pages that came over HTTP, and over HTTPS (which may not use the former). */
  webSocketUrl: string;
  secureWebSocketUrl: string;
};

export type HttpConfig = {
  bindAddress: string;
  /** 0 takes any free port (tests). */
  port: number;
  /** Proxies whose X-Forwarded-For and -Proto are believed, as addresses or CIDRs. None by default. */
  trustedProxies?: readonly string[];
  limits?: Partial<HttpLimits>;
};

export type HttpLimits = {
  /** Connections at once; further ones are closed unheard. */
  connections: number;
  /** How long a request's headers, and the whole request, may take to come; looked at every `slowCheckMs`. */
  headersMs: number;
  requestMs: number;
  slowCheckMs: number;
  /** How long a sign-in lasts. */
  sessionMs: number;
  /** How long a session is believed without asking the store again; a withdrawn right takes this long to bite. */
  sessionCacheMs: number;
  /** How long someone who is known waits for the store to say again that they are signed in. */
  sessionWaitMs: number;
  /** Live streams at once: of everybody, and of one user. */
  streams: number;
  streamsPerUser: number;
  streamMinIntervalMs: number;
  streamMaxIntervalMs: number;
  /** A reader that has not taken what was sent for so long is cut off. */
  streamStallMs: number;
  /** How often each stream's session is looked at again. */
  streamSessionCheckMs: number;
  /** Failed sign-ins within `signInWindowMs`: of one user from one address, and from one address. */
  signInFailures: number;
  signInFailuresPerAddress: number;
  signInWindowMs: number;
  /** Passwords being verified at once, and waiting for it. */
  signInsAtOnce: number;
  signInsWaiting: number;
  /** How long the store or the engine may take before the caller gets an error. */
  answerMs: number;
  /** How long open requests may take when the server closes. */
  closeMs: number;
};

export const defaultLimits: HttpLimits = {
  connections: 2000,
  headersMs: 10_000,
  requestMs: 30_000,
  slowCheckMs: 5_000,
  sessionMs: 12 * 3600_000,
  sessionCacheMs: 15_000,
  sessionWaitMs: 1_000,
  streams: 200,
  streamsPerUser: 10,
  streamMinIntervalMs: 500,
  streamMaxIntervalMs: 5000,
  streamStallMs: 10_000,
  streamSessionCheckMs: 30_000,
  signInFailures: 10,
  signInFailuresPerAddress: 200,
  signInWindowMs: 5 * 60_000,
  signInsAtOnce: 2,
  signInsWaiting: 50,
  answerMs: 10_000,
  closeMs: 2000,
};

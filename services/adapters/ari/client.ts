import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { AriError } from './errors.ts';
import type { AriOperations } from './generated/ari.ts';
import { openTransport } from './transport.ts';

export type AriOperation = keyof AriOperations;
export type RequestOutcome = 'ok' | 'refused' | 'timed-out' | 'unreachable';
/** Called once per request, when it has settled. */
export type OnRequest = (operation: AriOperation, seconds: number, outcome: RequestOutcome) => void;

export type AriClientOptions = {
  /** `http://host:port` of Asterisk's HTTP server. */
  url: string;
  user: string;
  password: string;
  /** A request is given up after this. Default 5 s. */
  timeoutMs?: number;
  /** Keep-alive connections at most. Default 16; more requests than that wait their turn. */
  connections?: number;
  onRequest?: OnRequest;
  /** Whether this controller may act, asked before each request that changes something; false: the request is not sent. */
  mayAct?: () => true | Promise<boolean>;
};

/**
 * Typed requests to ARI through the `ari-client` package with its transport replaced. Every promise settles within
 * `timeoutMs`: with the answer, or rejected with {@link AriError}.
 */
export interface AriClient {
  call<K extends AriOperation>(
    operation: K,
    params: AriOperations[K]['params'],
  ): Promise<AriOperations[K]['result']>;
  /** Loads the API description from Asterisk, once; `call` does so itself when it has not been done. Safe to repeat. */
  load(): Promise<void>;
  close(): Promise<void>;
}

type Library = Record<string, Record<string, (params: object) => PromiseLike<unknown>>>;
type AriClientModule = { connect(url: string, user: string, password: string): PromiseLike<Library> };

/** Operations that change nothing in Asterisk. */
const readsOnly = /\.(list\w*|get\w*|ping)$/;

/** Reading the description is a dozen requests, some of which Asterisk refuses while it boots. */
const loadTimeoutMs = 15_000;

export function createAriClient(options: AriClientOptions): AriClient {
  const { url, user, password, onRequest } = options;
  const timeoutMs = options.timeoutMs ?? 5_000;
  const transport = openTransport({ url, user, password, timeoutMs, connections: options.connections ?? 16 });
  let library: Library | null = null;
  let loading: Promise<Library> | null = null;

  const loaded = (): Promise<Library> => {
    loading ??= loadLibrary(url, user, password).then(
      (result) => {
        library = result;
        return result;
      },
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  };

  return {
    async call(operation, params) {
      const began = performance.now();
      let outcome: RequestOutcome = 'ok';
      try {
        const may = readsOnly.test(operation) || (options.mayAct?.() ?? true);
        if (may !== true && !(await may))
          throw new AriError(operation, 'unreachable', null, 'this controller does not act any more');
        const [resource = '', nickname = ''] = operation.split('.');
        const perform = (library ?? (await loaded()))[resource]?.[nickname];
        if (!perform)
          throw new AriError(operation, 'refused', 501, 'this Asterisk does not have the operation');
        return (await perform(params)) as never;
      } catch (error) {
        const ariError = asAriError(operation, error);
        outcome = ariError.kind;
        throw ariError;
      } finally {
        onRequest?.(operation, (performance.now() - began) / 1000, outcome);
      }
    },
    async load() {
      await loaded();
    },
    close: () => transport.close(),
  };
}

async function loadLibrary(url: string, user: string, password: string): Promise<Library> {
  // Loaded here, not at the top: nobody who only reads types pays for the library's 60 packages.
  const { connect } = createRequire(import.meta.url)('ari-client') as AriClientModule;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AriError('load', 'timed-out', null, 'no API description')),
      loadTimeoutMs,
    );
  });
  try {
    return await Promise.race([Promise.resolve(connect(url, user, password)), tooLate]);
  } catch (error) {
    throw asAriError('load', error);
  } finally {
    clearTimeout(timer);
  }
}

function asAriError(operation: string, error: unknown): AriError {
  if (error instanceof AriError) return new AriError(operation, error.kind, error.status, error.said);
  return new AriError(operation, 'unreachable', null, error instanceof Error ? error.message : String(error));
}

import type { apiBase, csrfHeader } from '../../../services/adapters/http/contract/index.ts';
import { ApiFailure, failureOf } from './problem.ts';

// Typed by the contract's own constants, so that they cannot differ, without its schemas in the bundle.
const base: typeof apiBase = '/api/v1';
const csrf: typeof csrfHeader = 'x-csrf-token';
const timeoutMs = 15_000;

let csrfToken: string | null = null;
let onSignedOut: () => void = () => undefined;

/** Goes with every state-changing request from now on. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Called when any answer says that the session is over. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export type Query = Record<string, string | undefined>;

/** The address of an API path with its query; empty values are left out. */
export function apiUrl(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined && entry[1] !== '';
  });
  const search = new URLSearchParams(given).toString();
  return `${base}${path}${search === '' ? '' : `?${search}`}`;
}

/**
 * Asks the API. `T` is what the contract says the answer is.
 * @throws {ApiFailure} for a refusal, no connection, no answer within 15 s, or an answer that is not JSON.
 */
export async function request<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  options: { query?: Query; body?: unknown; signal?: AbortSignal } = {},
): Promise<T> {
  const response = await send(method, path, options);
  if (!response.ok) {
    const failure = await failureOf(response);
    if (failure.code === 'not-signed-in') onSignedOut();
    throw failure;
  }
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw new ApiFailure('unreadable-answer', `${method} ${path}: ${String(error)}`, {
      status: response.status,
    });
  }
}

async function send(
  method: string,
  path: string,
  options: { query?: Query; body?: unknown; signal?: AbortSignal },
): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (options.body !== undefined) headers.set('content-type', 'application/json');
  if (csrfToken !== null && method !== 'GET') headers.set(csrf, csrfToken);
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  const init: RequestInit = { method, headers, signal, credentials: 'same-origin', cache: 'no-store' };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  try {
    return await fetch(apiUrl(path, options.query), init);
  } catch (error) {
    // The caller stopped asking: not a failure to tell anyone about.
    if (options.signal?.aborted === true) throw error;
    throw new ApiFailure('no-connection', `${method} ${path}: ${String(error)}`);
  }
}

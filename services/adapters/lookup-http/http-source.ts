import type { Lookup } from '../../ivr/lookups.ts';
import { type LookupSourcePort, type SourceAnswer, SourceAway } from '../../runtime/lookup-source.ts';
import { lookupUrl } from './lookup-url.ts';

export type HttpSourceOptions = {
  /** Where all paths begin. */
  readonly address: string;
  /** Sent as a bearer token; null for none. */
  readonly token: string | null;
};

/** Far more than the few values of an answer take. */
const mostBytes = 64 * 1024;

/**
 * A service of the operator's own, asked with GET: 200 with a JSON object is an answer, 404 means not found. Redirects are not followed:
 * the question, and the token, go nowhere but to the address that was configured.
 */
export function createHttpSource({ address, token }: HttpSourceOptions): LookupSourcePort {
  const headers = {
    accept: 'application/json',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  return {
    async ask(lookup, parameters, signal) {
      const url = urlOf(address, lookup, parameters);
      if (url === null) return null;
      const response = await get(url, headers, signal);
      if (response.status === 200) return readObject(response);
      await response.body?.cancel();
      if (response.status === 404) return null;
      const said = `the service answered with status ${response.status}`;
      if (response.status >= 500 || response.status === 429) throw new SourceAway(said);
      if (response.status >= 300 && response.status < 400)
        throw new Error(`${said}: redirects are not followed`);
      throw new Error(said);
    },
    close: async () => undefined,
  };
}

function urlOf(address: string, lookup: Lookup, parameters: Readonly<Record<string, string>>): URL | null {
  if (lookup.question.kind !== 'http') throw new Error(`lookup ${lookup.id} is none for a service over HTTP`);
  return lookupUrl(address, lookup.question.path, parameters);
}

async function get(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { headers, signal, redirect: 'manual' });
  } catch (error) {
    throw new SourceAway(`the service cannot be reached (${reasonOf(error)})`);
  }
}

/** What `fetch` says is "fetch failed"; why, says its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return error instanceof Error ? error.name : 'no reason given';
}

async function readObject(response: Response): Promise<SourceAnswer> {
  const text = await readText(response);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // Its message would quote what was answered.
    throw new Error('the service answered what is not JSON');
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new Error('the service answered JSON that is no object');
  return content as Record<string, unknown>;
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of response.body ?? []) {
      bytes += part.byteLength;
      if (bytes > mostBytes) break;
      parts.push(part);
    }
  } catch (error) {
    throw new SourceAway(`the service broke off its answer (${reasonOf(error)})`);
  }
  if (bytes > mostBytes) throw new Error(`the service answered more than ${mostBytes} bytes`);
  return new TextDecoder().decode(Buffer.concat(parts));
}

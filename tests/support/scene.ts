import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import type { ApiClient } from './api-client.ts';
import { eventLine, type StoredEvent } from './story-of-call.ts';

/** What can be asked of a running service. */
export type SceneSources = {
  readonly signIn: (user: string) => Promise<ApiClient>;
  /** Asterisk's channels, as ARI tells them. */
  readonly channels?: () => Promise<unknown[]>;
  readonly query?: (text: string, values?: unknown[]) => Promise<StoredEvent[]>;
};

const newestEvents = 80;
const patienceMs = 5_000;

/**
 * What is there at this moment, as text for a failure: the live picture, Asterisk's channels, the newest events in Postgres. Never
 * throws, and does not wait long: a part that is away or hangs is said to be.
 */
export async function sceneOf({ signIn, channels, query }: SceneSources): Promise<string> {
  const parts = [
    said('the API tells', async () => {
      const { calls, agents } = await (await signIn('lead')).get<LiveSnapshot>('live');
      const here = agents.filter(({ state }) => state !== 'signed-out');
      return [...calls, ...here].map((one) => `  ${JSON.stringify(one)}`);
    }),
  ];
  if (channels)
    parts.push(
      said("Asterisk's channels", async () => (await channels()).map((one) => `  ${JSON.stringify(one)}`)),
    );
  if (query)
    parts.push(
      said('the newest events in Postgres', async () => {
        const rows = await query(
          `select at, journal_id, seq::int, type, payload from hotline.event order by at desc, seq desc limit $1`,
          [newestEvents],
        );
        return rows.reverse().map(eventLine);
      }),
    );
  return (await Promise.all(parts)).join('\n');
}

async function said(what: string, ask: () => Promise<string[]>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs);
  });
  try {
    const lines = await Promise.race([ask(), late]);
    return [`--- ${what}:${lines.length === 0 ? ' nothing' : ''}`, ...lines].join('\n');
  } catch (error) {
    return `--- ${what}: cannot be asked: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    clearTimeout(timer);
  }
}

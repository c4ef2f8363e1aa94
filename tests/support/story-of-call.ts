import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolders } from '../../infra/parts/files.ts';
import { parseCel } from '../../services/adapters/cel/parse.ts';
import type { CelRecord } from '../../services/cdr/cel-record.ts';
import type { Instance } from './instance.ts';

/** A row of table `event`. */
export type StoredEvent = {
  at: Date;
  journal_id: string;
  seq: number;
  type: string;
  payload: Record<string, unknown>;
};

/**
 * All that is known of a call, as text for the message of a failure: its record, visits and conversations, its events with the
 * journal and number of each, and Asterisk's own account. Never throws: what cannot be read is said in its place.
 * @param by our id of the call, or the SIP Call-ID
 */
export async function storyOfCall(
  { home, query }: Pick<Instance, 'home' | 'query'>,
  by: { callId: string } | { sipCallId: string },
): Promise<string> {
  const rows = (what: string, sql: string, values: unknown[]) =>
    said(what, async () => (await query(sql, values)).map((row) => `  ${JSON.stringify(row)}`));
  const parts: string[] = [];
  const ids = new Set<string>('callId' in by ? [by.callId] : []);
  if ('sipCallId' in by)
    parts.push(
      await said(`calls of ${by.sipCallId}`, async () => {
        const found = await query<{ call_id: string }>(
          'select call_id from call_record where sip_call_id = $1',
          [by.sipCallId],
        );
        for (const { call_id } of found) ids.add(call_id);
        return [...ids].map((id) => `  ${id}`);
      }),
    );
  for (const id of ids) {
    parts.push(
      await rows(`records of ${id}`, 'select * from call_record where call_id = $1', [id]),
      await rows('visits', 'select * from queue_visit where call_id = $1 order by queued_at', [id]),
      await rows('conversations', 'select * from agent_conversation where call_id = $1', [id]),
      await said('events', async () => (await eventsOf(query, id)).map(eventLine)),
      await said("Asterisk's account", () => accountOf(home, id).map(celText)),
    );
  }
  return parts.join('\n');
}

/** Passes a failed check on with the story of the call it is about. */
export async function withStory<T>(
  instance: Pick<Instance, 'home' | 'query'>,
  by: { callId: string } | { sipCallId: string },
  check: () => T | Promise<T>,
): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof Error) error.message += `\n${await storyOfCall(instance, by)}`;
    throw error;
  }
}

async function said(what: string, read: () => string[] | Promise<string[]>): Promise<string> {
  try {
    const lines = await read();
    return [`${what}: ${lines.length === 0 ? 'none' : ''}`, ...lines].join('\n');
  } catch (error) {
    return `${what}: cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** In the order of time: two journals count each for itself. */
const eventsOf = (query: Instance['query'], callId: string): Promise<StoredEvent[]> =>
  query<StoredEvent>(
    `select at, journal_id, seq::int, type, payload from hotline.event where call_id = $1 order by at, journal_id, seq`,
    [callId],
  );

export function eventLine({ at, journal_id, seq, type, payload }: StoredEvent): string {
  return `  ${clockTime(at)} ${journal_id.slice(0, 4)}#${seq} ${type} ${JSON.stringify(payload)}`;
}

/** Asterisk's records of this call, each file's in the order in which they were written; files that were put aside included. */
function accountOf(home: string, callId: string): CelRecord[] {
  const folder = homeFolders(home).asteriskCel;
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^cel\.csv(\.\d+)?$/.test(name));
  return names
    .sort()
    .flatMap((name) => parseCel(readFileSync(join(folder, name)), true).records)
    .filter(({ linkedId }) => linkedId === callId);
}

function celText({ at, type, userType, channel, context, app, appData, extra }: CelRecord): string {
  return `  ${[clockTime(new Date(at)), type, userType, channel, context, app, appData, extra].filter((part) => part !== '').join(' ')}`;
}

const clockTime = (at: Date): string => at.toISOString().slice(11, 23);

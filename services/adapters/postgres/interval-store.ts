import { type Selectable, sql } from 'kysely';
import type { AgentIntervalTable } from '../../../db/schema.ts';
import type { AgentIntervalFold } from '../../cdr/fold-agent-interval.ts';
import type { Ledger } from '../../cdr/ledger.ts';
import type { PastPiece } from '../../cdr/splice-interval.ts';
import { instant, toIso } from '../../events/instant.ts';
import type { Db } from './connect.ts';
import { toInterval } from './rows.ts';
import { intervalRow, intervalTarget } from './targets.ts';
import { toJson, upsert } from './upsert.ts';

type Intervals = Pick<Ledger, 'openIntervals' | 'closedIntervals'>;

/** Intervals are found by name and beginning: one that begins later now is another row, and the old one goes. */
export async function saveIntervals(db: Db, before: Intervals, after: Intervals): Promise<void> {
  const were = intervalsOf(before);
  const are = intervalsOf(after);
  const keys = new Set(are.map(keyOf));
  const gone = were.filter((one) => !keys.has(keyOf(one))).map(intervalRow);
  if (gone.length > 0)
    await sql`
      delete from hotline.agent_interval
       using json_to_recordset(${toJson(gone)}::json) as g(interval_id text, started_at timestamptz)
       where agent_interval.interval_id = g.interval_id and agent_interval.started_at = g.started_at`.execute(
      db,
    );
  const known = new Set(were);
  await upsert(db, intervalTarget, are.filter((one) => !known.has(one)).map(intervalRow), 'replace');
}

const intervalsOf = (ledger: Intervals) => [...ledger.closedIntervals, ...ledger.openIntervals.values()];
const keyOf = ({ intervalId, startedAt }: AgentIntervalFold): string => `${intervalId} ${startedAt}`;

/** The states these agents are in. */
export async function loadOpenIntervals(db: Db, agents: string[]): Promise<AgentIntervalFold[]> {
  if (agents.length === 0) return [];
  const rows = await db
    .selectFrom('agent_interval')
    .selectAll()
    .where('agent', '=', (it) => it.fn.any(it.val(agents)))
    .where('ended_at', 'is', null)
    .execute();
  return rows.map(toInterval);
}

/** The intervals that these pieces may cut, and that are over. */
export async function loadPast(db: Db, pieces: readonly PastPiece[]): Promise<AgentIntervalFold[]> {
  if (pieces.length === 0) return [];
  const spans = [...Map.groupBy(pieces, ({ agent }) => agent)].map(([agent, own]) => ({
    agent,
    from_at: toIso(instant(Math.min(...own.map(({ startedAt }) => startedAt)))),
    to_at: toIso(instant(Math.max(...own.map(({ endedAt }) => endedAt)))),
  }));
  // The first that matters is the last to begin before: nothing older is searched for.
  const { rows } = await sql<Selectable<AgentIntervalTable>>`
    select i.*
      from json_to_recordset(${toJson(spans)}::json) as s(agent text, from_at timestamptz, to_at timestamptz)
      join hotline.agent_interval i
        on i.agent = s.agent and i.ended_at is not null and i.started_at < s.to_at
       and i.started_at >= coalesce(
             (select max(b.started_at) from hotline.agent_interval b
               where b.agent = s.agent and b.started_at <= s.from_at), '-infinity')`.execute(db);
  return rows.map(toInterval);
}

import { type AgentId, asId } from '../../events/ids.ts';
import type { Instant } from '../../events/instant.ts';
import type { AgentStateName, VisitOutcome } from '../../events/vocabulary.ts';
import type { RecordedDay } from '../../workforce/recorded-day.ts';
import type { Postgres } from './connect.ts';
import { named } from './errors.ts';
import { toInstant } from './rows.ts';

/** What was recorded of a time, for the simulator: visits that entered a queue in it, their conversations, and who was there. */
export const recordedDay = (
  { db, where }: Postgres,
  startsAt: Instant,
  endsAt: Instant,
): Promise<RecordedDay> =>
  named(where, 'Reading the recorded day', async () => {
    const [from, to] = [new Date(startsAt), new Date(endsAt)];
    const visits = await db
      .selectFrom('visit')
      .where('queued_at', '>=', from)
      .where('queued_at', '<', to)
      .orderBy('queued_at')
      .orderBy('visit_id')
      .select(['visit_id', 'queue', 'queued_at', 'outcome', 'wait_ms', 'agent', 'priority'])
      .execute();
    const conversations = await db
      .selectFrom('conversation')
      .where('queued_at', '>=', from)
      .where('queued_at', '<', to)
      .where('ended_at', 'is not', null)
      .orderBy('queued_at')
      .orderBy('agent_leg_id')
      .select(['visit_id', 'queue', 'ring_ms', 'talk_ms', 'hold_ms', 'wrap_up_ms'])
      .execute();
    const intervals = await db
      .selectFrom('agent_interval')
      .where('started_at', '<', to)
      .where((it) => it.or([it('ended_at', 'is', null), it('ended_at', '>', from)]))
      .orderBy('started_at')
      .orderBy('interval_id')
      .select(['agent', 'state', 'started_at', 'ended_at'])
      .execute();
    return {
      startsAt,
      endsAt,
      visits: visits.map((row) => ({
        visitId: asId(row.visit_id),
        queue: asId(row.queue),
        queuedAt: toInstant(row.queued_at),
        outcome: row.outcome as VisitOutcome | null,
        waitMs: row.wait_ms,
        agent: row.agent === null ? null : asId<AgentId>(row.agent),
        priority: row.priority,
      })),
      conversations: conversations.map((row) => ({
        visitId: asId(row.visit_id),
        queue: asId(row.queue),
        ringMs: row.ring_ms,
        talkMs: row.talk_ms ?? 0,
        holdMs: row.hold_ms ?? 0,
        wrapUpMs: row.wrap_up_ms,
      })),
      intervals: intervals.map((row) => ({
        agent: asId(row.agent),
        state: row.state as AgentStateName,
        startedAt: toInstant(row.started_at),
        endedAt: row.ended_at === null ? null : toInstant(row.ended_at),
      })),
    };
  });

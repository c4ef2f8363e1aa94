import { expect } from 'vitest';
import type { CallOutcome } from '../support/call-outcome.ts';
import type { HotlineAtWork } from '../support/hotline-at-work.ts';
import { metricSum } from '../support/metrics-text.ts';
import { storyOfCall } from '../support/story-of-call.ts';
import { until } from '../support/until.ts';

type Row = { sip_call_id: string; outcome: string; release_party: string; agent: string | null };

/**
 * After an outage: nobody was refused or cut off by us, every INVITE that the telephones sent has exactly one record that ended and
 * says what they saw, agents are free, nothing is left anywhere, and no time is negative or absurd.
 */
export async function everythingAgrees(
  hotline: HotlineAtWork,
  outcomes: readonly CallOutcome[],
  agents: readonly string[],
): Promise<void> {
  const { instance } = hotline;
  const { query } = instance;
  expect(outcomes.filter(({ endedBy }) => endedBy === 'refused' || endedBy === 'nobody')).toEqual([]);
  for (const id of agents) await hotline.agentIs(id, 'available', 30_000);
  await hotline.nothingLeft({ withinMs: 30_000 });
  const ids = outcomes.map(({ sipCallId }) => sipCallId);
  let seen: unknown;
  const records = await until(
    'a record of every call',
    async () => {
      const rows = await query<Row>(
        'select * from call_record where sip_call_id = any($1) and ended_at is not null',
        [ids],
      );
      seen = { records: rows.length, missing: ids.filter((id) => !rows.some((r) => r.sip_call_id === id)) };
      return rows.length >= ids.length ? rows : null;
    },
    { withinMs: 60_000, everyMs: 200, seen: () => JSON.stringify(seen) },
  );
  expect(records.map((record) => record.sip_call_id).sort()).toEqual([...ids].sort());
  const byCall = new Map(records.map((record) => [record.sip_call_id, record]));
  const wrong = outcomes.filter((outcome) => !agrees(outcome, byCall.get(outcome.sipCallId)));
  expect(await Promise.all(wrong.map((outcome) => told(hotline, outcome))), 'telephones and records').toEqual(
    [],
  );
  const impossible = await query<{ what: string; id: string }>(absurd);
  expect(
    await Promise.all(
      impossible.map(async ({ what, id }) => `${what} ${id}\n${await storyOfCall(instance, { callId: id })}`),
    ),
    'times that cannot be',
  ).toEqual([]);
}

/** Callers hear an answer of the menu first, so who answered in the end is known to the record alone; who hung up is not. */
function agrees({ endedBy }: CallOutcome, record: Row | undefined): boolean {
  if (!record || (record.outcome === 'answered') !== (record.agent !== null)) return false;
  if (endedBy === 'callee') return record.release_party !== 'caller';
  return record.release_party === 'caller' || record.outcome === 'answered';
}

/** A call on which the two disagree: what the caller's telephone saw, and all that the service and Asterisk know of it. */
async function told({ instance }: HotlineAtWork, outcome: CallOutcome): Promise<string> {
  return `its telephone: ${JSON.stringify(outcome)}\n${await storyOfCall(instance, outcome)}`;
}

/** Times that cannot be: negative ones, longer than their call, agents in two conversations or states at once. */
const absurd = `
  select 'record' as what, call_id as id from call_record
   where ended_at < started_at or least(wait_ms, ring_ms, talk_ms, hold_ms, wrap_up_ms) < 0
      or wait_ms + talk_ms + hold_ms > extract(epoch from ended_at - started_at) * 1000 + 1000
  union all
  select 'visit', call_id from queue_visit where left_at < queued_at
  union all
  select 'conversation', a.call_id from agent_conversation a join agent_conversation b
      on a.agent = b.agent and a.call_id < b.call_id and a.answered_at < b.ended_at and b.answered_at < a.ended_at
  union all
  select 'interval', agent from agent_state_interval where ended_at < started_at
  union all
  select 'visits', queue from queue_visit group by queue
    having count(*) <> count(*) filter (where outcome in ('answered', 'abandoned', 'flow_out'))`;

/** For the end of a file, as it takes some time: all calls are old enough to be judged, and Asterisk's own account explains each. */
export async function everythingIsExplained({ instance }: HotlineAtWork): Promise<void> {
  let seen: unknown;
  let open: string[] = [];
  const probe = async () => {
    const [counts] = await instance.query<{ calls: number; witnessed: number; young: number }>(
      `select count(*)::int as calls, count(w.call_id)::int as witnessed,
              count(*) filter (where r.started_at > now() - interval '45 s')::int as young
         from call_record r left join hotline.witnessed_call w using (call_id)`,
    );
    const unexplained = await instance.query<{ call_id: string }>('select * from ledger_unexplained');
    open = unexplained.map(({ call_id }) => call_id);
    const metric = metricSum(await instance.metrics(), 'hotline_ledger_unexplained_calls');
    seen = { counts, unexplained, metric };
    return (
      counts?.young === 0 && counts.calls === counts.witnessed && unexplained.length === 0 && metric === 0
    );
  };
  try {
    await until('both witnesses to agree', probe, {
      withinMs: 100_000,
      everyMs: 500,
      seen: () => JSON.stringify(seen),
    });
  } catch (error) {
    const stories = open.slice(0, 3).map((callId) => storyOfCall(instance, { callId }));
    throw new Error(`${String(error)}\n${(await Promise.all(stories)).join('\n')}`, { cause: error });
  }
}

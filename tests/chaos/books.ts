import type { HotlineAtWork } from '../support/hotline-at-work.ts';
import { until } from '../support/until.ts';

/** Waits until the counts of the live board are those of the view that is made of the records; of today, which may have just begun. */
export async function countsAgree(
  hotline: HotlineAtWork,
  withinMs = 20_000,
): Promise<Record<string, number>> {
  let seen: unknown;
  const probe = async () => {
    const { overall, today } = await hotline.live();
    const live = overall.countsToday;
    const sums = Object.entries(columns).map(
      ([count, column]) => `coalesce(sum(${column}), 0)::int as "${count}"`,
    );
    const [sql] = await hotline.instance.query<Record<string, number>>(
      `select ${sums.join(', ')} from kpi_interval
        where to_char(interval_start at time zone 'Asia/Shanghai', 'YYYY-MM-DD') = $1`,
      [today],
    );
    seen = { live, sql };
    const agree =
      sql !== undefined && Object.entries(sql).every(([name, n]) => live[name as keyof typeof live] === n);
    return agree ? sql : null;
  };
  return until('the board and SQL to agree', probe, {
    withinMs,
    everyMs: 300,
    seen: () => JSON.stringify(seen),
  });
}

/** Counts of the board, and their columns of the view. */
const columns = {
  offered: 'offered',
  answered: 'answered',
  abandoned: 'abandoned',
  shortAbandoned: 'short_abandoned',
  flowOut: 'flow_out',
  waitAnsweredMs: 'wait_answered_ms',
  waitAbandonedMs: 'wait_abandoned_ms',
  ringMs: 'ring_ms',
  handled: 'handled',
  talkMs: 'talk_ms',
  wrappedUp: 'wrapped_up',
  handleMs: 'handle_ms',
} as const;

/** Rules that hold for all records together, broken: in words. Nothing may be under way. */
export async function brokenBooks({ instance: { query } }: HotlineAtWork): Promise<string[]> {
  const rules: Record<string, string> = {
    'a visit without an end, or of a call that has none': `select v.visit_id from queue_visit v left join call_record r using (call_id) where v.outcome is null or r.ended_at is null`,
    'a call that is not over': `select call_id from call_record where ended_at is null or outcome is null`,
    'a conversation without an end': `select call_id, agent from agent_conversation where ended_at is null or handle_ms is null`,
    'an answered visit without its conversation, or the other way round': `select coalesce(v.visit_id, c.visit_id) as visit_id from (select * from queue_visit where outcome = 'answered') v
         full join agent_conversation c using (visit_id) where v.visit_id is null or c.visit_id is null`,
    'a record whose times are not the sum of its conversations': `select r.call_id from call_record r left join (select call_id, sum(talk_ms) as talk, sum(hold_ms) as hold from agent_conversation group by 1) c
        using (call_id) where r.talk_ms <> coalesce(c.talk, 0) or r.hold_ms <> coalesce(c.hold, 0)`,
    'offered is not answered + abandoned + flowed out': `select queue from kpi_interval group by queue having sum(offered) <> sum(answered) + sum(abandoned) + sum(flow_out)`,
    'an agent in two conversations at once': `select a.agent, a.call_id, b.call_id as other from agent_conversation a join agent_conversation b
          on a.agent = b.agent and a.call_id < b.call_id and a.answered_at < b.ended_at and b.answered_at < a.ended_at`,
    'a gap or an overlap in what an agent did': `select agent, started_at, ended_at, next from (select agent, started_at, ended_at,
          lead(started_at) over (partition by agent order by started_at, ended_at nulls last) as next from agent_state_interval) i
        where next is not null and (ended_at is null or ended_at <> next)`,
    'something took less than no time': `select call_id from call_record where wait_ms < 0 or ring_ms < 0 or talk_ms < 0 or hold_ms < 0 or wrap_up_ms < 0 or ended_at < started_at`,
  };
  const broken: string[] = [];
  for (const [what, sql] of Object.entries(rules)) {
    const rows = await query(sql);
    if (rows.length > 0) broken.push(`${what}: ${rows.length} × such as ${JSON.stringify(rows.slice(0, 3))}`);
  }
  return broken;
}

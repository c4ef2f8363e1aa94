import { sql } from 'kysely';
import type { FirstCallsPort } from '../../runtime/first-calls-port.ts';
import type { Postgres } from './connect.ts';
import { named } from './errors.ts';

/**
 * First calls by SQL over the records. Written from the rows, not from the counting code in services/kpi: the two are each other's check.
 * One pass over the calls of three windows, sorted by customer; no index would make it shorter.
 */
export function createFirstCalls({ db, where }: Postgres): FirstCallsPort {
  return {
    firstCalls: (from, to, windowMs) =>
      named(where, 'Counting first calls', async () => {
        const window = sql`${`${windowMs} milliseconds`}::interval`;
        const moment = sql`'1 microsecond'::interval`;
        const { rows } = await sql<{ hotline: string; first: number; repeated: number }>`
          with contact as (
            select hotline, started_at, served,
                   count(*) filter (where served) over before > 0 as served_before,
                   count(*) over afterwards > 0 as again
              from (
                select hotline, caller_number, started_at,
                       coalesce(outcome in ('answered', 'self_served'), false) as served
                  from call_record
                 where source in ('trunk', 'caller')
                   and hotline is not null
                   and caller_number <> ''
                   and outcome is distinct from 'blocked'
                   and started_at >= ${new Date(from)}::timestamptz - ${window}
                   and started_at < ${new Date(to)}::timestamptz + ${window}
              ) as of_customers
            window before as (partition by hotline, caller_number order by started_at
                              range between ${window} preceding and ${moment} preceding),
                   afterwards as (partition by hotline, caller_number order by started_at
                                  range between ${moment} following and ${window} following)
          )
          select hotline, count(*)::int as first, count(*) filter (where again)::int as repeated
            from contact
           where served and not served_before
             and started_at >= ${new Date(from)} and started_at < ${new Date(to)}
           group by hotline`.execute(db);
        return new Map(rows.map(({ hotline, first, repeated }) => [hotline, { first, repeated }]));
      }),
  };
}

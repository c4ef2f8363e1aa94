import type { View } from './view.ts';

/** Must be written as in the indexes visit_by_interval and conversation_by_interval. */
const quarterHour = (column: string): string =>
  `date_bin('15 minutes'::interval, ${column}, '2000-01-01 00:00:00+00'::timestamptz)`;

/**
 * Counts and sums by queue and by the quarter of an hour in which the visit *entered* the queue; conversations and
 * wrap-ups count where their visit does. Written from the rows, not from the counting code in services/kpi: the two
 * are each other's check. Thresholds are those in force when the visit entered.
 */
export const kpiInterval: View = {
  name: 'kpi_interval',
  comment:
    'One row per queue and quarter of an hour of queue entry: offered = answered + abandoned + flow_out + still_waiting.',
  query: `
    select queue,
           interval_start,
           sum(offered)::bigint as offered,
           sum(answered)::bigint as answered,
           sum(answered_in_threshold)::bigint as answered_in_threshold,
           sum(abandoned)::bigint as abandoned,
           sum(short_abandoned)::bigint as short_abandoned,
           sum(flow_out)::bigint as flow_out,
           sum(still_waiting)::bigint as still_waiting,
           sum(wait_answered_ms)::bigint as wait_answered_ms,
           sum(wait_abandoned_ms)::bigint as wait_abandoned_ms,
           sum(ring_ms)::bigint as ring_ms,
           sum(handled)::bigint as handled,
           sum(talk_ms)::bigint as talk_ms,
           sum(hold_ms)::bigint as hold_ms,
           sum(wrap_up_ms)::bigint as wrap_up_ms,
           sum(wrapped_up)::bigint as wrapped_up,
           sum(handle_ms)::bigint as handle_ms
      from (
        select v.queue,
               ${quarterHour('v.queued_at')} as interval_start,
               1 as offered,
               case when v.outcome = 'answered' then 1 else 0 end as answered,
               case when v.outcome = 'answered'
                     and v.wait_ms <= coalesce(d.service_level_threshold_ms, 15000) then 1 else 0 end
                 as answered_in_threshold,
               case when v.outcome = 'abandoned' then 1 else 0 end as abandoned,
               case when v.outcome = 'abandoned'
                     and v.wait_ms < coalesce(d.short_abandon_ms, 5000) then 1 else 0 end as short_abandoned,
               case when v.outcome = 'flow_out' then 1 else 0 end as flow_out,
               case when v.outcome is null then 1 else 0 end as still_waiting,
               case when v.outcome = 'answered' then v.wait_ms else 0 end as wait_answered_ms,
               case when v.outcome = 'abandoned' then v.wait_ms else 0 end as wait_abandoned_ms,
               0 as ring_ms, 0 as handled, 0 as talk_ms, 0 as hold_ms,
               0 as wrap_up_ms, 0 as wrapped_up, 0 as handle_ms
          from hotline.visit v
          left join hotline.queue_definition d
            on d.queue = v.queue and v.queued_at >= d.valid_from and v.queued_at < d.valid_to
        union all
        select c.queue,
               ${quarterHour('c.queued_at')},
               0, 0, 0, 0, 0, 0, 0, 0, 0,
               c.ring_ms,
               case when c.ended_at is not null then 1 else 0 end,
               coalesce(c.talk_ms, 0),
               coalesce(c.hold_ms, 0),
               coalesce(c.wrap_up_ms, 0),
               case when c.wrap_up_ms is not null then 1 else 0 end,
               coalesce(c.handle_ms, 0)
          from hotline.conversation c
      ) as counted
     group by queue, interval_start`,
};

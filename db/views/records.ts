import type { View } from './view.ts';

export const callRecord: View = {
  name: 'call_record',
  comment:
    'One row per call: every INVITE that reached the dialplan. Durations in ms; wrap_up_ms is null while an agent wraps up.',
  query: `
    select call_id, caller_number, dialled_number, hotline, started_at, ended_at, outcome, release_party,
           queue, agent, wait_ms, ring_ms, talk_ms, hold_ms,
           case when wrap_ups_due = 0 then wrap_up_ms end as wrap_up_ms,
           transfers, disposition, resolved, survey_score, recording, degraded, sip_call_id,
           source, node_id
      from hotline.call`,
};

export const queueVisit: View = {
  name: 'queue_visit',
  comment: 'One row per entry into a queue. left_at, outcome and wait_ms are null while the caller waits.',
  query: `
    select visit_id, call_id, queue, queued_at, left_at, outcome, flow_out_reason, wait_ms, agent, priority, hotline
      from hotline.visit`,
};

export const agentConversation: View = {
  name: 'agent_conversation',
  comment:
    'One row per conversation of an agent with a caller. handle_ms = talk_ms + hold_ms + wrap_up_ms, null until the wrap-up is over.',
  query: `
    select call_id, visit_id, queue, agent, queued_at, answered_at, ended_at, wait_ms, ring_ms, talk_ms, hold_ms,
           wrap_up_ms, handle_ms, released_by, cause, agent_leg_id
      from hotline.conversation`,
};

export const agentStateInterval: View = {
  name: 'agent_state_interval',
  comment: 'One row per time an agent spent in one state. ended_at is null for the state the agent is in.',
  query: `
    select agent, state, reason, call_id, started_at, ended_at, interval_id
      from hotline.agent_interval`,
};

export const callEvent: View = {
  name: 'call_event',
  comment: 'One row per event, append-only. payload is the event without its id, number, time and type.',
  query: `
    select event_id, call_id, agent, type, at, payload, journal_id, seq
      from hotline.event`,
};

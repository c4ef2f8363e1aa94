import type { View } from './view.ts';

/** Names for the ids in the other views; `removed_at` is set for what the centre has no more. */

export const hotlineDirectory: View = {
  name: 'hotline_directory',
  comment: 'One row per hotline: its names and numbers.',
  query: `
    select hotline, name ->> 'zh-CN' as name_zh, name ->> 'en' as name_en, numbers, removed_at
      from hotline.hotline`,
};

export const queueDirectory: View = {
  name: 'queue_directory',
  comment:
    'One row per queue: its names, and the KPI thresholds in force now (kpi_interval uses those in force at queue entry).',
  query: `
    select q.queue, q.name ->> 'zh-CN' as name_zh, q.name ->> 'en' as name_en,
           d.service_level_threshold_ms, d.short_abandon_ms, q.removed_at
      from hotline.queue q
      left join hotline.queue_definition d on d.queue = q.queue and d.valid_to = 'infinity'`,
};

export const agentDirectory: View = {
  name: 'agent_directory',
  comment: 'One row per agent: name and queues.',
  query: `
    select agent, name, queues, removed_at
      from hotline.agent`,
};

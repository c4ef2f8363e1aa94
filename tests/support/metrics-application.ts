import type { MetricsOptions } from '../../services/adapters/prometheus/metrics.ts';
import { plainServing } from '../../services/calls/serving-plans.ts';
import type { HotlineEvent } from '../../services/events/events.ts';
import { asId, type FlowId, type HotlineId, type QueueId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { type AgentStateName, agentStates } from '../../services/events/vocabulary.ts';
import { noCounts } from '../../services/kpi/counts.ts';
import type { Hotline, QueueDefinition } from '../../services/runtime/centre.ts';
import type { LiveCall, LiveQueue } from '../../services/runtime/live-view.ts';

/** What a test wants the application to show at the next scrape; all else is quiet. */
export type Shown = {
  calls: LiveCall[];
  queue?: {
    queue: string;
    waiting: number;
    longestWaitMs: number;
    available: number;
    reserveCalledIn: boolean;
  };
  journalBacklogEvents?: number;
  nodes?: { nodeId: string; connected: boolean }[];
  postgres?: 'up' | 'down';
};

/** An application with the demo's two hotlines and queues, whose events and live view the test decides. */
export function fakeApplication() {
  const listeners = new Set<(events: readonly HotlineEvent[]) => void>();
  let shown: Shown = { calls: [] };
  const application: MetricsOptions['application'] = {
    centre: {
      hotlines: new Map(['95598', '10050'].map((id) => [asId<HotlineId>(id), hotline(id)])),
      queues: new Map(
        ['power-service', 'telecom-service'].map((id) => [asId<QueueId>(id), queueDefinition(id)]),
      ),
      agents: new Map(),
      users: [],
      outbound: { numbers: [], wrapUpMs: 10_000 },
    },
    live: () => ({
      at: instant(0),
      seq: 0,
      today: '2026-03-02',
      nodes: shown.nodes ?? [],
      hotlines: ['95598', '10050'].map((id) => ({ hotline: id, name: { 'zh-CN': id, en: id } })),
      queues: ['power-service', 'telecom-service'].map((id) => liveQueue(id, shown)),
      agents: [],
      calls: shown.calls,
      switches: [],
      callbacks: [],
    }),
    health: () => ({
      ready: true,
      telephony: 'up',
      postgres: shown.postgres ?? 'up',
      journalBacklogEvents: shown.journalBacklogEvents ?? 0,
      journal: 'up',
    }),
    onEvents(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    ...application,
    emit: (events: readonly HotlineEvent[]) => {
      for (const listener of listeners) listener(events);
    },
    show: (next: Shown) => {
      shown = next;
    },
  };
}

const hotline = (id: string): Hotline => ({
  id: asId<HotlineId>(id),
  name: { 'zh-CN': id, en: id },
  numbers: [id],
  flow: asId<FlowId>(id),
  language: 'zh-CN',
});

const queueDefinition = (id: string): QueueDefinition => ({
  callbacks: { first: 'agent' as const, attempts: 3, everyMs: 300_000, hours: null, most: 200 },
  id: asId<QueueId>(id),
  name: { 'zh-CN': id, en: id },
  ringTimeoutMs: 20_000,
  wrapUpMs: 10_000,
  maxWaitMs: 600_000,
  maxWaiting: 500,
  maxMissedRings: 1,
  serviceLevelThresholdMs: 15_000,
  shortAbandonMs: 5_000,
  serving: plainServing(asId(id)),
});

function liveQueue(id: string, { queue }: Shown): LiveQueue {
  const agents = Object.fromEntries(agentStates.map((state) => [state, 0])) as Record<AgentStateName, number>;
  const own =
    queue?.queue === id ? queue : { waiting: 0, longestWaitMs: 0, available: 0, reserveCalledIn: false };
  return {
    queue: id,
    name: { 'zh-CN': id, en: id },
    waiting: own.waiting,
    callbacks: 0,
    longestWaitMs: own.longestWaitMs,
    expectedWaitMs: null,
    agents: { ...agents, available: own.available },
    mayServe: { atWork: own.available + 1, free: own.available },
    serviceLevelThresholdMs: 15_000,
    shortAbandonMs: 5_000,
    reserve: {
      agents: 0,
      available: 0,
      calledIn: own.reserveCalledIn ? { by: 'lead', since: instant(0) } : null,
    },
    countsToday: noCounts(),
  };
}

import type { Centre, QueueDefinition } from '../../services/calls/centre.ts';
import { plainServing } from '../../services/calls/serving-plans.ts';
import { type AgentId, asId, type HotlineId, type QueueId } from '../../services/events/ids.ts';

const name = (text: string) => ({ 'zh-CN': text, en: text });

export const queueDefinition = (id: string, changes: Partial<QueueDefinition> = {}): QueueDefinition => ({
  id: asId(id),
  name: name(id),
  ringTimeoutMs: 20_000,
  wrapUpMs: 10_000,
  maxWaitMs: 600_000,
  maxWaiting: 100,
  maxMissedRings: 3,
  serviceLevelThresholdMs: 15_000,
  shortAbandonMs: 5_000,
  callbacks: { first: 'agent', attempts: 3, everyMs: 300_000, hours: null, most: 200 },
  serving: plainServing(asId(id)),
  ...changes,
});

/** One hotline, the queues given, agents 1001 and 1002, one lead and one administrator. */
export function smallCentre(queues: readonly QueueDefinition[] = [queueDefinition('billing')]): Centre {
  const agents = ['1001', '1002'].map((id) => asId<AgentId>(id));
  const hotline = asId<HotlineId>('95598');
  return {
    hotlines: new Map([
      [
        hotline,
        { id: hotline, name: name('95598'), numbers: ['95598'], flow: asId('95598'), language: 'zh-CN' },
      ],
    ]),
    queues: new Map(queues.map((queue) => [queue.id, queue])),
    agents: new Map(
      agents.map((id) => [
        id,
        {
          id,
          name: `Agent ${id}`,
          queues: queues.map((queue): QueueId => queue.id),
          skills: [],
          reserve: false,
        },
      ]),
    ),
    users: [
      { user: 'lead', name: 'Li', role: 'lead' },
      { user: 'admin', name: 'An', role: 'admin' },
    ],
    outbound: { numbers: [/^1[3-9][0-9]{9}$/], wrapUpMs: 10_000 },
  };
}

import type { HotlineEvent } from '../events/events.ts';
import type { LegId } from '../events/ids.ts';

/** Measures how long it takes from the decision to ring an agent to the INVITE. */
export function createAgentConnect(observe: (queue: string, seconds: number) => void) {
  const awaitingInvite = new Map<LegId, { queue: string; at: number }>();
  return {
    onEvents(events: readonly HotlineEvent[]): void {
      for (const event of events) {
        if (event.type === 'AgentRingRequested')
          awaitingInvite.set(event.legId, { queue: event.queue, at: event.at });
        if (event.type === 'AgentRingEnded') awaitingInvite.delete(event.legId);
      }
    },
    onInvite(legId: LegId, atEpochMs: number): void {
      const ring = awaitingInvite.get(legId);
      if (ring) observe(ring.queue, Math.max(0, atEpochMs - ring.at) / 1000);
      awaitingInvite.delete(legId);
    },
  };
}

import { agentStates, callStages } from '../../events/vocabulary.ts';
import type { Health } from '../../runtime/application.ts';
import type { LiveView } from '../../runtime/live-view.ts';
import type { Instruments } from './instruments.ts';
import type { Labels } from './record-event.ts';

/** Sets the gauges to what is true now; called at every scrape, so that they never drift from the board. */
export function showLive(instruments: Instruments, live: LiveView, health: Health, labels: Labels): void {
  instruments.journalBacklog.set(health.journalBacklogEvents);
  instruments.postgresConnected.set(health.postgres === 'up' ? 1 : 0);
  // A node taken out of the configuration must not stay "down" for ever.
  instruments.nodeConnected.reset();
  for (const { nodeId, connected } of live.nodes) {
    instruments.nodeConnected.set({ node: nodeId }, connected ? 1 : 0);
  }

  for (const hotline of [...live.hotlines.map((h) => h.hotline), null]) {
    for (const stage of callStages)
      instruments.callsActive.set({ hotline: labels.hotline(hotline), stage }, 0);
  }
  for (const call of live.calls) {
    instruments.callsActive.inc({ hotline: labels.hotline(call.hotline), stage: call.stage });
  }

  for (const q of live.queues) {
    const queue = labels.queue(q.queue);
    instruments.waiting.set({ queue }, q.waiting);
    instruments.callbacksOpen.set({ queue }, q.callbacks);
    const { atWork, free } = q.mayServe;
    instruments.agentsAble.set({ queue, state: 'free' }, free);
    instruments.agentsAble.set({ queue, state: 'busy' }, atWork - free);
    instruments.reserveCalledIn.set({ queue }, q.reserve.calledIn === null ? 0 : 1);
    instruments.longestWait.set({ queue }, q.longestWaitMs / 1000);
    for (const state of agentStates) instruments.agents.set({ queue, state }, q.agents[state]);
  }
}

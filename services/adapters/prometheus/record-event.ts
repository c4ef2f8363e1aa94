import type { EventOf, HotlineEvent } from '../../events/events.ts';
import type { QueueId } from '../../events/ids.ts';
import { isInTime, isShort } from '../../kpi/count-event.ts';
import type { KpiThresholds } from '../../kpi/kpi.ts';
import type { Instruments } from './instruments.ts';

/** How the parts of an event become labels: bounded, and `none` for a call to none of our hotlines. */
export type Labels = {
  hotline: (hotline: string | null) => string;
  queue: (queue: string) => string;
  /** Both together, because their product is what has to be bounded. */
  node: (flow: string, node: string) => { flow: string; node: string };
};
export type ThresholdsOf = (queue: QueueId) => KpiThresholds | undefined;

const seconds = (ms: number): number => ms / 1000;

/** Adds one event to the counters and histograms. Follows event time: unlike the day's KPI counts it knows no midnight. */
export function recordEvent(
  to: Instruments,
  event: HotlineEvent,
  labels: Labels,
  thresholdsOf: ThresholdsOf,
): void {
  switch (event.type) {
    case 'FlowNodeEntered':
      to.nodeVisits.inc(labels.node(event.flow, event.node));
      return;
    case 'CallQueued':
      if (event.callback !== undefined) return;
      to.offered.inc({ queue: labels.queue(event.queue) });
      return;
    case 'AgentRingEnded':
      if (event.result === 'answered' && event.direct === undefined)
        to.ring.observe({ queue: labels.queue(event.queue) }, seconds(event.ringMs));
      return;
    case 'VisitEnded':
      if (event.callback !== undefined) return;
      recordVisit(to, event, labels, thresholdsOf(event.queue));
      return;
    case 'ConversationEnded': {
      const queue = labels.queue(event.queue);
      to.talk.observe({ queue }, seconds(event.talkMs));
      // Also when it is 0: the count is then that of conversations, and sum ÷ count the mean over all of them.
      to.hold.observe({ queue }, seconds(event.holdMs));
      return;
    }
    case 'WrapUpEnded': {
      if (event.queue === null) return;
      const queue = labels.queue(event.queue);
      to.wrapUp.observe({ queue }, seconds(event.wrapUpMs));
      to.handle.observe({ queue }, seconds(event.handleMs));
      return;
    }
    case 'CallbackAttemptEnded':
      to.callbacks.inc({ queue: labels.queue(event.queue), result: event.result });
      return;
    case 'SurveyAnswered':
      to.survey.inc({
        queue: event.queue === null ? 'none' : labels.queue(event.queue),
        score: String(event.score),
      });
      return;
    case 'CallEnded':
      if (event.source !== undefined) return;
      to.calls.inc({ hotline: labels.hotline(event.hotline), outcome: event.outcome });
      return;
    default:
      return;
  }
}

function recordVisit(
  to: Instruments,
  event: EventOf<'VisitEnded'>,
  labels: Labels,
  thresholds: KpiThresholds | undefined,
): void {
  const queue = labels.queue(event.queue);
  to.wait.observe({ queue, outcome: event.outcome }, seconds(event.waitMs));
  switch (event.outcome) {
    case 'answered':
      to.answered.inc({ queue });
      if (thresholds !== undefined && isInTime(event.waitMs, thresholds))
        to.answeredInThreshold.inc({ queue });
      return;
    case 'abandoned': {
      const short = thresholds !== undefined && isShort(event.waitMs, thresholds);
      to.abandoned.inc({ queue, short: String(short) });
      return;
    }
    case 'flow_out':
      // The type allows null for the other outcomes only; a flow-out without a reason must not vanish from the count.
      to.flowOut.inc({ queue, reason: event.flowOutReason ?? 'other' });
      return;
    default:
      event.outcome satisfies never;
  }
}

import { callbackResults } from '../../events/outbound.ts';
import { callOutcomes, type FlowOutReason, type VisitOutcome } from '../../events/vocabulary.ts';
import type { Instruments } from './instruments.ts';

const visitOutcomes = Object.keys({
  answered: true,
  abandoned: true,
  flow_out: true,
} satisfies Record<VisitOutcome, true>);
const flowOutReasons = Object.keys({
  'max-wait': true,
  'queue-full': true,
  closed: true,
  overflow: true,
  'no-agent-signed-in': true,
  'service-lost': true,
  'caller-chose': true,
} satisfies Record<FlowOutReason, true>);

const surveyScores = ['1', '2', '3', '4', '5'];

/**
 * Makes every series we know beforehand exist with 0. A counter that first appears with 1 has no rise that rate() could
 * see: the first call of the day would be missing from every graph.
 */
export function startAtZero(
  instruments: Instruments,
  hotlines: Iterable<string>,
  queues: Iterable<string>,
): void {
  for (const hotline of [...hotlines, 'none']) {
    for (const outcome of callOutcomes) instruments.calls.inc({ hotline, outcome }, 0);
  }
  for (const queue of queues) {
    instruments.offered.inc({ queue }, 0);
    instruments.answered.inc({ queue }, 0);
    instruments.answeredInThreshold.inc({ queue }, 0);
    for (const short of ['true', 'false']) instruments.abandoned.inc({ queue, short }, 0);
    for (const result of callbackResults) instruments.callbacks.inc({ queue, result }, 0);
    for (const reason of flowOutReasons) instruments.flowOut.inc({ queue, reason }, 0);
    for (const score of surveyScores) instruments.survey.inc({ queue, score }, 0);
    for (const outcome of visitOutcomes) instruments.wait.zero({ queue, outcome });
    for (const name of ['ring', 'talk', 'hold', 'wrapUp', 'handle', 'agentConnect'] as const) {
      instruments[name].zero({ queue });
    }
  }
}

import type { EventOf } from '../events/events.ts';
import type { HotlineId } from '../events/ids.ts';
import type { QueueVisit } from './call-record.ts';

/** A visit with the hotline it came in by. */
export type QueueVisitFold = QueueVisit & { hotline: HotlineId };

/**
 * Opens a visit at `CallQueued`, closes it at `VisitEnded`. The end carries the whole visit, so a visit whose
 * beginning was not given is complete all the same.
 */
export function foldVisit(
  visit: QueueVisitFold | null,
  event: EventOf<'CallQueued'> | EventOf<'VisitEnded'>,
): QueueVisitFold {
  const { visitId, callId, queue, hotline, priority } = event;
  switch (event.type) {
    case 'CallQueued':
      return {
        visitId,
        callId,
        queue,
        hotline,
        priority,
        queuedAt: event.at,
        leftAt: null,
        outcome: null,
        flowOutReason: null,
        waitMs: null,
        agent: null,
      };
    case 'VisitEnded':
      return {
        visitId,
        callId,
        queue,
        hotline,
        priority,
        queuedAt: visit?.queuedAt ?? event.queuedAt,
        leftAt: event.at,
        outcome: event.outcome,
        flowOutReason: event.flowOutReason,
        waitMs: event.waitMs,
        agent: event.agent,
      };
    default:
      event satisfies never;
      throw new Error('not an event of a visit');
  }
}

import type { EventOf, HotlineEvent } from '../../events/events.ts';
import type { LegId } from '../../events/ids.ts';
import type { EndingExplained, EndingReason } from './explanation.ts';

/** Why the call ended as it did; null while it lasts. `events` are the call's, oldest first. */
export function whyEnded(events: readonly HotlineEvent[]): EndingExplained | null {
  const ended = last(events, 'CallEnded');
  if (!ended) {
    const taken = last(events, 'CallTakenToFallback');
    if (!taken) return null;
    return { at: taken.at, outcome: null, releaseParty: null, code: 'taken-to-fallback' };
  }
  const { at, outcome, releaseParty } = ended;
  return { at, outcome, releaseParty, ...reasonOf(events, ended) };
}

function reasonOf(events: readonly HotlineEvent[], ended: EventOf<'CallEnded'>): EndingReason {
  const outgoing = last(events, 'OutgoingEnded');
  if (outgoing) return { code: 'outgoing-ended', agent: outgoing.agent, result: outgoing.result };
  const talk = last(events, 'ConversationEnded');
  const passedOn = last(events, 'PassOnEnded');
  if (passedOn?.result === 'caller-left' && nothingFollows(events, passedOn))
    return { code: 'caller-left-passed-on', by: passedOn.by };
  // Nobody had answered, and the agent's own phone rang again: the conversation had ended as it should.
  const returning = last(events, 'CallReturning');
  if (returning && ended.releaseParty === 'caller' && nothingFollows(events, returning))
    return { code: 'caller-left-passed-on', by: returning.to };
  if (ended.releaseParty === 'agent') return { code: 'agent-hung-up', agent: talk?.agent ?? null };
  const visit = last(events, 'VisitEnded');
  const because = whyWe(
    events,
    events.find(({ type }) => type === 'CallArrived'),
  );
  const outside = last(events, 'TransferEnded');
  const spokeOutside = outside?.result === 'connected' && nothingFollows(events, outside);
  // An agent put the caller through; advice from outside ends before the conversation does.
  if (talk && spokeOutside && events.indexOf(outside) > events.indexOf(talk))
    return { code: 'outside-talk-ended' };
  if (talk && nothingFollows(events, talk)) {
    if (talk.releasedBy === 'caller' && talk.cause === 'normal')
      return { code: 'caller-left-talk', agent: talk.agent };
    // We may have ended it on purpose: after the longest time a call may last.
    if (because !== null) return { code: 'we-ended', because };
    return { code: 'line-lost', agent: talk.agent, cause: talk.cause };
  }
  if (visit?.outcome === 'abandoned' && nothingFollows(events, visit)) {
    const { queue, waitMs } = visit;
    const ring = last(events, 'AgentRingEnded');
    return ring?.result === 'caller-left' && ring.visitId === visit.visitId && ring.at === visit.at
      ? { code: 'caller-left-ring', queue, waitMs, agent: ring.agent }
      : { code: 'caller-left-wait', queue, waitMs };
  }
  if (spokeOutside) return { code: 'outside-talk-ended' };
  if (ended.releaseParty === 'system' && because !== null) return { code: 'we-ended', because };
  const closing = last(events, 'CallClosing');
  if (closing) return { code: 'caller-left-end', because: closing.because };
  return { code: 'caller-left-menu', node: last(events, 'FlowNodeEntered')?.node ?? null };
}

/** The caller went on to nothing else afterwards. */
function nothingFollows(events: readonly HotlineEvent[], after: HotlineEvent): boolean {
  return !events
    .slice(events.indexOf(after) + 1)
    .some(({ type }) => type === 'FlowNodeEntered' || type === 'CallQueued' || type === 'CallConnected');
}

/** The reason for which we ended the caller's leg; null when we did not. */
function whyWe(events: readonly HotlineEvent[], arrived: HotlineEvent | undefined): string | null {
  const leg: LegId | null = arrived?.type === 'CallArrived' ? arrived.legId : null;
  const asked = events.find((one) => one.type === 'LegHangUpRequested' && one.legId === leg);
  if (asked?.type !== 'LegHangUpRequested') return null;
  // Before we hang up we say goodbye, and that has the reason.
  return last(events, 'CallClosing')?.because ?? asked.because;
}

function last<T extends HotlineEvent['type']>(
  events: readonly HotlineEvent[],
  type: T,
): EventOf<T> | undefined {
  return events.findLast((one): one is EventOf<T> => one.type === type);
}

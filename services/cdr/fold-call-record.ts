import type { HotlineEvent } from '../events/events.ts';
import type { CallId, NodeId } from '../events/ids.ts';
import type { CallSource } from '../events/vocabulary.ts';
import type { CallRecord } from './call-record.ts';

/** A call record that events may still be added to: the record, and what the next event needs to know. */
export type CallRecordFold = CallRecord & {
  nodeId: NodeId;
  source: CallSource;
  /** Conversations of this call that ended and whose wrap-up is not over yet. */
  wrapUpsDue: number;
  /** Wrap-up time of the finished wrap-ups; `wrapUpMs` shows it once none is due. */
  wrappedUpMs: number;
};

/**
 * Adds one event to the record of its call. Events come in order; wrap-up may follow the end of the call.
 *
 * Returns null for an event of a call whose `CallArrived` was not given (a history that begins in the middle of a
 * call): such a call has no record rather than a wrong one. Events that say nothing about the record return it as it is.
 */
export function foldCallRecord(record: CallRecordFold | null, event: HotlineEvent): CallRecordFold | null {
  // Told again, by a controller that did not know of it: one INVITE, one record, which goes on.
  if (event.type === 'CallArrived') return record ?? arrived(event);
  if (record === null) return null;
  switch (event.type) {
    case 'CallQueued':
      return { ...record, queue: event.queue };
    case 'VisitEnded':
      // Of a callback the wait is the record's of the call in which it was promised.
      if (event.callback !== undefined) return record;
      return { ...record, waitMs: record.waitMs + event.waitMs };
    case 'CallConnected':
      // Whoever is asked for advice has not spoken with the caller yet.
      if (event.direct === 'consulted') return record;
      if (event.direct === 'passed-on')
        return { ...record, agent: event.agent, transfers: record.transfers + 1 };
      if (event.direct === 'returned') return { ...record, agent: event.agent };
      // Only the ring that was answered: attempts that came to nothing are part of the wait.
      return { ...record, queue: event.queue, agent: event.agent, ringMs: record.ringMs + event.ringMs };
    case 'ConversationEnded':
      return {
        ...record,
        talkMs: record.talkMs + event.talkMs,
        holdMs: record.holdMs + event.holdMs,
        wrapUpsDue: record.wrapUpsDue + 1,
        wrapUpMs: null,
      };
    case 'WrapUpEnded':
      return wrappedUp(record, event.wrapUpMs);
    case 'CallEnded':
      return { ...record, endedAt: event.at, outcome: event.outcome, releaseParty: event.releaseParty };
    case 'CallTakenToFallback':
      return { ...record, degraded: true };
    case 'SurveyAnswered':
      return { ...record, surveyScore: event.score };
    case 'VoicemailEnded':
      return event.result === 'kept' ? { ...record, recording: event.recordingId } : record;
    case 'OutgoingConnected':
      return { ...record, agent: event.agent, ringMs: record.ringMs + event.ringMs };
    case 'OutgoingEnded':
      return {
        ...record,
        talkMs: record.talkMs + event.talkMs,
        ...(event.wrapsUp && { wrapUpsDue: record.wrapUpsDue + 1, wrapUpMs: null }),
      };
    case 'ConsultEnded':
      if (event.result !== 'completed') return record;
      return {
        ...record,
        transfers: record.transfers + 1,
        ...(event.party.kind === 'agent' && { agent: event.party.agent }),
      };
    case 'PassOnEnded':
      // To others it is their connection that counts.
      return event.result === 'queued' ? { ...record, transfers: record.transfers + 1 } : record;
    case 'TransferConnected':
      if (event.consult) return record;
      return { ...record, transfers: record.transfers + 1 };
    case 'OutgoingStarted':
    case 'OutgoingDialled':
    case 'CallPassedOn':
    case 'CallReturning':
    case 'ConsultRequested':
    case 'ConsultTurned':
    case 'PartyParked':
    case 'PartiesJoined':
    case 'TransferKeyAnswered':
    case 'TransferRequested':
    case 'TransferEnded':
    case 'CallbackStarted':
    case 'CustomerCallRequested':
    case 'CallbackAttemptEnded':
    case 'CallbackEnded':
    case 'VisitStepReached':
    case 'LastAgentWaitEnded':
    case 'ReserveCalledIn':
    case 'FlowValuesSet':
    case 'LookupRequested':
    case 'LookupEnded':
    case 'WaitAnnounced':
    case 'VoicemailStarted':
    case 'CallbackRequested':
    case 'TaskOpened':
    case 'SwitchChanged':
    case 'FlowActivated':
    case 'CallPickedUp':
    case 'CallClosing':
    case 'FlowNodeEntered':
    case 'MusicStarted':
    case 'PromptStarted':
    case 'PromptFinished':
    case 'DigitPressed':
    case 'MenuAttemptFailed':
    case 'CallerSelfServed':
    case 'AgentRingRequested':
    case 'AgentRingStarted':
    case 'AgentRingEnded':
    case 'CallHeld':
    case 'CallResumed':
    case 'LegHangUpRequested':
    case 'LegEnded':
    case 'AgentStateChanged':
    case 'ControllerStarted':
    case 'NodeConnected':
    case 'NodeLost':
    case 'OrderFailed':
      return record;
    default:
      event satisfies never;
      return record;
  }
}

/** The call whose record an event belongs to. An agent's state names a call, but is not part of its record. */
export function callOfRecord(event: HotlineEvent): CallId | null {
  if (event.type === 'AgentStateChanged' || !('callId' in event)) return null;
  return event.callId;
}

function arrived(event: Extract<HotlineEvent, { type: 'CallArrived' }>): CallRecordFold {
  return {
    callId: event.callId,
    nodeId: event.nodeId,
    source: event.source,
    callerNumber: event.callerNumber,
    dialledNumber: event.dialledNumber,
    hotline: event.hotline,
    startedAt: event.at,
    endedAt: null,
    outcome: null,
    releaseParty: null,
    queue: null,
    agent: null,
    waitMs: 0,
    ringMs: 0,
    talkMs: 0,
    holdMs: 0,
    wrapUpMs: 0,
    wrapUpsDue: 0,
    wrappedUpMs: 0,
    transfers: 0,
    disposition: null,
    resolved: null,
    surveyScore: null,
    recording: null,
    degraded: event.degraded === true,
    sipCallId: event.sipCallId,
  };
}

function wrappedUp(record: CallRecordFold, wrapUpMs: number): CallRecordFold {
  const wrapUpsDue = Math.max(0, record.wrapUpsDue - 1);
  const wrappedUpMs = record.wrappedUpMs + wrapUpMs;
  return { ...record, wrapUpsDue, wrappedUpMs, wrapUpMs: wrapUpsDue === 0 ? wrappedUpMs : null };
}

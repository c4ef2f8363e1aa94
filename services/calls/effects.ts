import type { HotlineEvent } from '../events/events.ts';
import type { AgentId } from '../events/ids.ts';
import { elapsedMs } from '../events/instant.ts';
import type { LookupOrder } from './lookup.ts';
import type { TelephonyOrder } from './telephony.ts';

/** Look again which of an agent's phones can be rung. → `phones`, whatever the answer. */
export type PhoneCheck = { kind: 'check-phones'; agent: AgentId };

/** What the outside is to be told because of an event, once the event is journalled. Pure: an event carries all it takes. */
export function effectsOf(event: HotlineEvent): TelephonyOrder | PhoneCheck | LookupOrder | null {
  switch (event.type) {
    case 'CallArrived':
      return event.source === 'callback' || event.fromDesk ? null : { kind: 'answer', legId: event.legId };
    case 'PromptStarted':
      return {
        kind: 'play',
        legId: event.legId,
        playbackId: event.playbackId,
        prompts: event.prompts,
        language: event.language,
      };
    case 'PromptFinished':
      return event.result === 'interrupted'
        ? { kind: 'stop-playback', legId: event.legId, playbackId: event.playbackId }
        : null;
    case 'MusicStarted':
      return { kind: 'wait-with-music', legId: event.legId };
    case 'OutgoingStarted':
      if (event.device === null) return null;
      return {
        kind: 'ring-agent',
        legId: event.legId,
        bridgeId: event.bridgeId,
        callId: event.callId,
        agent: event.agent,
        device: event.device,
        callerLegId: null,
        callerNumber: event.number,
        ringTimeoutMs: event.ringTimeoutMs,
      };
    case 'OutgoingDialled': {
      const { legId, bridgeId, callId, agentLegId: callerLegId, callerId, ringTimeoutMs, to, device } = event;
      const shared = { legId, bridgeId, callId, callerLegId, ringTimeoutMs };
      return to.kind === 'outside'
        ? { kind: 'dial-out', ...shared, number: to.number, callerId }
        : { kind: 'ring-agent', ...shared, agent: to.agent, device: device ?? 'sip', callerNumber: callerId };
    }
    case 'OutgoingConnected':
      return {
        kind: 'connect',
        bridgeId: event.bridgeId,
        callerLegId: event.agentLegId,
        agentLegId: event.legId,
      };
    case 'PartyParked':
      return { kind: 'wait-with-music', legId: event.legId, outOf: event.outOf };
    case 'PartiesJoined':
      return { kind: 'join', bridgeId: event.bridgeId, legIds: [...event.legIds] };
    case 'TransferKeyAnswered':
      return { kind: 'answer-transfer', legId: event.legId, accepted: event.accepted };
    case 'AgentRingRequested':
      return {
        kind: 'ring-agent',
        legId: event.legId,
        bridgeId: event.bridgeId,
        callId: event.callId,
        agent: event.agent,
        device: event.device,
        callerLegId: event.callerLegId,
        callerNumber: event.callerNumber,
        ringTimeoutMs: event.ringTimeoutMs,
      };
    case 'CallConnected':
      return {
        kind: 'connect',
        bridgeId: event.bridgeId,
        callerLegId: event.callerLegId,
        agentLegId: event.agentLegId,
      };
    case 'LegHangUpRequested':
      return { kind: 'hang-up', legId: event.legId, because: event.elsewhere ? 'elsewhere' : 'normal' };
    case 'AgentRingEnded':
      // The agent is taken for unreachable until the phone has been looked at again.
      return event.result === 'unreachable' || event.result === 'failed'
        ? { kind: 'check-phones', agent: event.agent }
        : null;
    case 'ConversationEnded':
      // Mostly because the phone was lost; asking one that is there does no harm.
      return event.releasedBy === 'system' ? { kind: 'check-phones', agent: event.agent } : null;
    case 'VoicemailStarted':
      return {
        kind: 'record',
        legId: event.legId,
        recordingId: event.recordingId,
        maxMs: event.maxMs,
        silenceMs: event.silenceMs,
      };
    case 'TransferRequested':
      return {
        kind: 'dial-out',
        legId: event.legId,
        bridgeId: event.bridgeId,
        callId: event.callId,
        callerLegId: event.callerLegId,
        number: event.number,
        callerId: event.callerId,
        ringTimeoutMs: event.ringTimeoutMs,
      };
    case 'CustomerCallRequested':
      return {
        kind: 'dial-out',
        legId: event.legId,
        bridgeId: null,
        callId: event.callId,
        callerLegId: event.agent?.legId ?? null,
        number: event.number,
        callerId: event.callerId,
        ringTimeoutMs: event.ringTimeoutMs,
      };
    case 'TransferConnected':
      return {
        kind: 'connect',
        bridgeId: event.bridgeId,
        callerLegId: event.callerLegId,
        agentLegId: event.legId,
      };
    case 'LookupRequested':
      return {
        kind: 'look-up',
        lookupId: event.lookupId,
        lookup: event.lookup,
        parameters: event.parameters,
        timeoutMs: elapsedMs(event.at, event.waitUntil),
      };
    case 'CallPickedUp':
    case 'FlowNodeEntered':
    case 'DigitPressed':
    case 'MenuAttemptFailed':
    case 'CallerSelfServed':
    case 'CallQueued':
    case 'AgentRingStarted':
    case 'VisitEnded':
    case 'CallHeld':
    case 'CallResumed':
    case 'CallClosing':
    case 'LegEnded':
    case 'CallTakenToFallback':
    case 'CallEnded':
    case 'WrapUpEnded':
    case 'AgentStateChanged':
    case 'ControllerStarted':
    case 'NodeConnected':
    case 'NodeLost':
    case 'OrderFailed':
    case 'FlowValuesSet':
    case 'LookupEnded':
    case 'WaitAnnounced':
    case 'SurveyAnswered':
    case 'VoicemailEnded':
    case 'CallbackRequested':
    case 'TaskOpened':
    case 'SwitchChanged':
    case 'FlowActivated':
    case 'TransferEnded':
    case 'OutgoingEnded':
    case 'VisitStepReached':
    case 'LastAgentWaitEnded':
    case 'ReserveCalledIn':
    case 'CallPassedOn':
    case 'PassOnEnded':
    case 'CallReturning':
    case 'ConsultRequested':
    case 'ConsultTurned':
    case 'ConsultEnded':
    case 'CallbackStarted':
    case 'CallbackAttemptEnded':
    case 'CallbackEnded':
      return null;
    default:
      return event satisfies never;
  }
}

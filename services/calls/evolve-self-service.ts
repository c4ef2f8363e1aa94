import type { HotlineEvent } from '../events/events.ts';
import type { CallId } from '../events/ids.ts';
import { after } from '../events/instant.ts';
import type { SelfServiceEvent } from '../events/self-service.ts';
import type { Call } from './call.ts';
import { limitsMs, timerId } from './timers.ts';
import { switchKey, type World } from './world.ts';

/** Folds what a caller does without an agent, and what is promised to a caller, into the world. */
export function evolveSelfService(
  world: World,
  event: Extract<HotlineEvent, { type: SelfServiceEvent['type'] }>,
): void {
  const update = (id: CallId, change: (call: Call) => Partial<Call>) => {
    const call = world.calls.get(id);
    if (call) world.calls.set(id, { ...call, ...change(call) });
  };
  switch (event.type) {
    case 'FlowValuesSet':
      return update(event.callId, ({ values }) => ({ values: { ...values, ...event.values } }));
    case 'LookupRequested': {
      const { callId, lookupId: id, lookup, parameters, waitUntil } = event;
      update(callId, () => ({ lookup: { id, lookup, parameters, askedAt: event.at, result: null } }));
      world.timers.set(timerId('lookup', callId), after(waitUntil, limitsMs.lookupGrace));
      return;
    }
    case 'LookupEnded':
      world.timers.delete(timerId('lookup', event.callId));
      return update(event.callId, ({ lookup }) => ({ lookup: lookup && afterLookup(lookup, event.result) }));
    case 'WaitAnnounced':
      world.timers.set(timerId('wait-announcement', event.callId), event.nextAt);
      return;
    case 'SurveyAnswered':
      return update(event.callId, () => ({ surveyed: true }));
    case 'VoicemailStarted': {
      const { callId, recordingId: id, queue, maxMs } = event;
      world.timers.set(timerId('recording', callId), after(event.at, maxMs + limitsMs.recordingGrace));
      return update(callId, () => ({ recording: { id, queue, since: event.at } }));
    }
    case 'VoicemailEnded':
      world.timers.delete(timerId('recording', event.callId));
      return update(event.callId, () => ({
        recording: null,
        ...(event.result === 'kept' && { closingAs: 'voicemail' }),
      }));
    case 'CallbackRequested': {
      const { callbackId: id, callId, hotline, queue, number, priority, queuedAt } = event;
      update(callId, () => ({ closingAs: 'callback_requested' }));
      // Asked for once more, it stays what it was.
      if (world.callbacks.has(id)) return;
      world.callbacks.set(id, {
        id,
        hotline,
        queue,
        number,
        priority,
        skills: event.skills ?? [],
        queuedAt,
        requestedBy: callId,
        attempts: 0,
        notBefore: event.at,
        call: null,
      });
      world.timers.set(timerId('callback', id), event.at);
      return;
    }
    case 'SwitchChanged': {
      const { hotline, name, on, by } = event;
      world.switches.set(switchKey(hotline, name), { on, by, since: event.at });
      return;
    }
    case 'TaskOpened':
    case 'FlowActivated':
      return;
    default:
      event satisfies never;
  }
}

function afterLookup(
  lookup: NonNullable<Call['lookup']>,
  result: Extract<SelfServiceEvent, { type: 'LookupEnded' }>['result'],
): Call['lookup'] {
  switch (result) {
    case 'found':
    case 'not-found':
    case 'failed':
      return { ...lookup, result };
    case 'timed-out':
      return { ...lookup, result: 'failed' };
    case 'caller-left':
    case 'asked-again':
      return null;
    default:
      return result satisfies never;
  }
}

import type { CallId, RecordingId, TaskId } from '../events/ids.ts';
import { elapsedMs } from '../events/instant.ts';
import type { FlowAction } from '../ivr/interpreter.ts';
import type { Call } from './call.ts';
import { advance, enterAgain } from './in-flow.ts';
import type { TelephonyFact } from './telephony.ts';
import type { Turn } from './turn.ts';

/** Less than this is a click or a breath, not a message. */
const shortestMessageMs = 1_000;

type Finished = Extract<TelephonyFact, { kind: 'recording-finished' }>;

/** Lets the caller speak to a recorder. @returns whether that began; if not, the flow goes on at `onFailure` */
export function startVoicemail(
  turn: Turn,
  call: Call,
  { node }: Extract<FlowAction, { kind: 'record' }>,
): boolean {
  const { queue, maxMs, silenceMs } = node;
  const recordingId = turn.ids.next('recording') as RecordingId;
  const { id: callId, legId } = call;
  turn.emit({ type: 'VoicemailStarted', callId, legId, recordingId, queue, maxMs, silenceMs });
  return true;
}

/** What became of a recording. The end of one that is settled already changes nothing. */
export function recordingFinished(turn: Turn, fact: Finished): void {
  const callId = turn.world.legs.get(fact.legId)?.callId;
  const call = callId && turn.world.calls.get(callId);
  if (!call || call.callerGone || call.recording?.id !== fact.recordingId) return;
  const { result, durationMs, soundMs } = fact;
  if (result === 'not-there') {
    endVoicemail(turn, call, 'failed', 0);
    // The order to record was lost with the connection: what leads to it is said once more.
    return enterAgain(turn, call);
  }
  const heard = (soundMs ?? durationMs) >= shortestMessageMs;
  const became = result === 'failed' ? 'failed' : heard ? 'kept' : 'empty';
  endVoicemail(turn, call, became, durationMs);
  // Who has hung up is not led any further.
  if (result !== 'hung-up') goOn(turn, call.id, became === 'kept');
}

/** The recorder could not be started. */
export function recordingRefused(turn: Turn, callId: CallId): void {
  const call = turn.world.calls.get(callId);
  if (!call?.recording) return;
  endVoicemail(turn, call, 'failed', 0);
  goOn(turn, callId, false);
}

/** Its end was never told: what there is, is kept. */
export function recordingOverdue(turn: Turn, callId: CallId): void {
  const call = turn.world.calls.get(callId);
  if (!call?.recording) return;
  keepWhatWasSaid(turn, call);
  goOn(turn, callId, true);
}

/**
 * The caller is gone, or no longer ours, while the recorder ran, and its end was not told: what was said is kept, and somebody is to
 * listen to it, even if it should turn out to be nothing.
 */
export function keepWhatWasSaid(turn: Turn, { id }: Call): void {
  const call = turn.world.calls.get(id);
  if (!call?.recording) return;
  const durationMs = elapsedMs(call.recording.since, turn.now);
  endVoicemail(turn, call, durationMs >= shortestMessageMs ? 'kept' : 'empty', durationMs);
}

function goOn(turn: Turn, callId: CallId, ok: boolean): void {
  const call = turn.world.calls.get(callId);
  if (call && !call.callerGone && call.stage.kind === 'ivr') advance(turn, callId, { kind: 'done', ok });
}

function endVoicemail(turn: Turn, call: Call, result: 'kept' | 'empty' | 'failed', durationMs: number): void {
  if (!call.recording) return;
  const { id: recordingId, queue } = call.recording;
  turn.emit({ type: 'VoicemailEnded', callId: call.id, recordingId, queue, result, durationMs });
  if (result !== 'kept') return;
  turn.emit({
    type: 'TaskOpened',
    taskId: turn.ids.next('task') as TaskId,
    kind: 'voicemail',
    callId: call.id,
    hotline: call.hotline,
    queue,
    agent: null,
    number: call.callerNumber,
    because: `left a message of ${Math.max(1, Math.round(durationMs / 1000))} s`,
  });
}

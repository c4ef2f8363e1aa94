import type { RecordingId } from '../../../services/events/ids.ts';
import type { FakeAsterisk } from './asterisk.ts';
import type { Leg } from './types.ts';

/** What recordings left, in milliseconds. */
export type Kept = Map<RecordingId, { durationMs: number; soundMs: number }>;

/** Records what the caller says from now on: until silence, the longest time, an order, or the end of the leg. */
export function startRecording(
  asterisk: FakeAsterisk,
  leg: Leg,
  order: { recordingId: RecordingId; maxMs: number; silenceMs: number },
): void {
  if (leg.recording?.id === order.recordingId || asterisk.kept.has(order.recordingId)) return;
  leg.music = false;
  const { recordingId: id, maxMs, silenceMs } = order;
  const since = asterisk.scheduler.now();
  const speaksMs = asterisk.speaksMs(leg.id);
  const over = () => endRecording(asterisk, leg, id);
  const atMs = Math.min(maxMs, speaksMs + silenceMs);
  leg.recording = { id, since, silenceMs, cancels: [asterisk.legTimer(leg, atMs, over)] };
}

/** Ends a recording; the end of one that is over already is told again. */
export function endRecording(asterisk: FakeAsterisk, leg: Leg, id: RecordingId): void {
  if (leg.recording?.id === id) keep(asterisk, leg);
  const kept = asterisk.kept.get(id);
  asterisk.outbox.tell(leg.id, {
    kind: 'recording-finished',
    recordingId: id,
    legId: leg.id,
    durationMs: kept?.durationMs ?? 0,
    soundMs: kept?.soundMs ?? null,
    result: kept ? 'finished' : 'not-there',
  });
}

/** The leg is over while it was being recorded: what was said is kept, and told before its end. */
export function recordingCutByEnd(asterisk: FakeAsterisk, leg: Leg): void {
  const id = leg.recording?.id;
  if (id === undefined) return;
  keep(asterisk, leg);
  const kept = asterisk.kept.get(id);
  if (kept)
    asterisk.outbox.tell(leg.id, {
      kind: 'recording-finished',
      recordingId: id,
      legId: leg.id,
      ...kept,
      result: 'hung-up',
    });
}

/** # ends it. Whether the key was for the recorder. */
export function keyEndsRecording(asterisk: FakeAsterisk, leg: Leg, key: string): boolean {
  if (leg.recording === null || key !== '#') return false;
  endRecording(asterisk, leg, leg.recording.id);
  return true;
}

function keep(asterisk: FakeAsterisk, leg: Leg): void {
  const { recording } = leg;
  if (!recording) return;
  for (const cancel of recording.cancels) {
    cancel();
    leg.timers.delete(cancel);
  }
  leg.recording = null;
  const durationMs = Math.round(asterisk.scheduler.now() - recording.since);
  asterisk.kept.set(recording.id, {
    durationMs,
    soundMs: Math.min(durationMs, asterisk.speaksMs(leg.id)),
  });
}

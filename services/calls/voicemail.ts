import type { FlowAction } from '../ivr/interpreter.ts';
import type { Call } from './call.ts';
import type { TelephonyFact } from './telephony.ts';
import type { Turn } from './turn.ts';

/** Lets the caller speak to a recorder. @returns whether that began; if not, the flow goes on at `onFailure` */
export function startVoicemail(
  _turn: Turn,
  _call: Call,
  _action: Extract<FlowAction, { kind: 'record' }>,
): boolean {
  return false;
}

export function recordingFinished(
  _turn: Turn,
  _fact: Extract<TelephonyFact, { kind: 'recording-finished' }>,
): void {
  // Nobody records yet.
}

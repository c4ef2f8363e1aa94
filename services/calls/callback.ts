import type { FlowAction } from '../ivr/interpreter.ts';
import type { Call } from './call.ts';
import type { Turn } from './turn.ts';

/** Promises to call back. @returns whether it could be promised; if not, the flow goes on at `onFailure` */
export function promiseCallback(
  _turn: Turn,
  _call: Call,
  _action: Extract<FlowAction, { kind: 'offer-callback' }>,
): boolean {
  return false;
}

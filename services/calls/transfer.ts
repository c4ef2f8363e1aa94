import type { FlowAction } from '../ivr/interpreter.ts';
import type { Call } from './call.ts';
import type { Turn } from './turn.ts';

/** Dials an outside number for the caller. @returns whether that began; if not, the flow goes on at `onFailure` */
export function startTransfer(
  _turn: Turn,
  _call: Call,
  _action: Extract<FlowAction, { kind: 'transfer' }>,
): boolean {
  return false;
}

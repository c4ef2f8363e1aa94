import type { CallOutcome } from '../events/vocabulary.ts';
import type { Call } from './call.ts';

/** What the call will be recorded as if it ended now, let go by the caller or by us. Reaching an agent outweighs all else. */
export function outcomeOf(call: Call, endedBy: 'caller' | 'system'): CallOutcome {
  if (call.everAnswered) return 'answered';
  if (call.closingAs !== null) return call.closingAs;
  if (call.stage.kind === 'waiting') return endedBy === 'caller' ? 'abandoned_in_queue' : 'failed';
  if (call.flowedOut) return 'failed';
  if (call.selfServed) return 'self_served';
  return endedBy === 'caller' ? 'abandoned_in_ivr' : 'failed';
}

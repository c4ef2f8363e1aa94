import type { CallId, LookupId } from '../events/ids.ts';
import { after, elapsedMs } from '../events/instant.ts';
import type { LookupEnded } from '../events/self-service.ts';
import type { Call } from './call.ts';
import type { Turn } from './turn.ts';

/** Asks a data source for a caller. */
export function askFor(
  turn: Turn,
  callId: CallId,
  question: { lookup: string; parameters: Readonly<Record<string, string>> },
): void {
  turn.emit({
    type: 'LookupRequested',
    callId,
    lookupId: turn.ids.next('lookup') as LookupId,
    lookup: question.lookup,
    parameters: { ...question.parameters },
    waitUntil: after(turn.now, turn.rules.lookupTimeoutMs(question.lookup)),
  });
}

/** What was asked for a caller is over; does nothing when nothing is open. */
export function endLookup(turn: Turn, callId: CallId, result: LookupEnded['result'], because: string): void {
  const open = openLookup(turn.world.calls.get(callId));
  if (!open) return;
  turn.emit({
    type: 'LookupEnded',
    callId,
    lookupId: open.id,
    lookup: open.lookup,
    result,
    tookMs: elapsedMs(open.askedAt, turn.now),
    because,
  });
}

/** The answer may have been missed: asked once more. */
export function askAgain(turn: Turn, callId: CallId): void {
  const open = openLookup(turn.world.calls.get(callId));
  if (!open) return;
  endLookup(turn, callId, 'asked-again', 'the connection was away');
  askFor(turn, callId, open);
}

/** The question of this call that is still open. */
export const openLookup = (call: Call | undefined): Call['lookup'] =>
  call?.lookup?.result === null ? call.lookup : null;

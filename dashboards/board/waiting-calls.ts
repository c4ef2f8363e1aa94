import type { LiveCallView } from '../../services/adapters/http/contract/live.ts';

/** Calls in a queue, by queue, then those being rung, then by place in line. */
export function waitingCalls(calls: readonly LiveCallView[]): LiveCallView[] {
  return calls
    .filter((call) => call.stage === 'waiting' || call.stage === 'ringing')
    .toSorted(
      (a, b) =>
        (a.queue ?? '').localeCompare(b.queue ?? '') ||
        (a.position ?? 0) - (b.position ?? 0) ||
        a.startedAt - b.startedAt,
    );
}

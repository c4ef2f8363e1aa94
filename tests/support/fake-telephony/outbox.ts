import type { LegId } from '../../../services/events/ids.ts';
import type { FactSink, TelephonyFact } from '../../../services/runtime/telephony-port.ts';
import type { Scheduler } from './types.ts';

/**
 * Carries facts from the fake Asterisk to the controller: some milliseconds late, in order for one leg, in any
 * order between legs, and not at all while the connection is down (Asterisk replays nothing).
 */
export class Outbox {
  connected = false;
  private readonly scheduler: Scheduler;
  private readonly sink: FactSink;
  private readonly latency: () => number;
  private connection = 0;
  private readonly lastAt = new Map<LegId, number>();

  constructor(scheduler: Scheduler, sink: FactSink, latency: () => number) {
    this.scheduler = scheduler;
    this.sink = sink;
    this.latency = latency;
  }

  /** Tells a fact about one leg; what is under way when the connection goes down is lost. */
  tell(legId: LegId, fact: TelephonyFact): void {
    if (!this.connected) return;
    const now = this.scheduler.now();
    const at = Math.max(now + this.latency(), this.lastAt.get(legId) ?? 0);
    this.lastAt.set(legId, at);
    if (fact.kind === 'leg-ended') this.lastAt.delete(legId);
    this.later(at - now, fact);
  }

  /** Tells a fact that belongs to no leg, or whose place among the leg's facts is open. */
  later(afterMs: number, fact: TelephonyFact): void {
    const connection = this.connection;
    this.scheduler.schedule(afterMs, () => {
      if (this.connected && connection === this.connection) this.sink(fact);
    });
  }

  /** Hands a fact over together with the one before. */
  atOnce(fact: TelephonyFact): void {
    this.sink(fact);
  }

  /** Hands a fact over as the connection changes. */
  now(fact: TelephonyFact): void {
    this.connection += 1;
    this.lastAt.clear();
    this.sink(fact);
  }
}

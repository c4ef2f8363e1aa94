import type { LegFate, TelephonyFact } from '../calls/telephony.ts';
import type { World } from '../calls/world.ts';
import type { CelRecord } from '../cdr/cel-record.ts';
import { type CelCall, callFromCel } from '../cdr/from-cel.ts';
import { legEndOf } from '../cdr/told-by-cel.ts';
import type { LegId, NodeId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { CelPort } from './cel-port.ts';

/** Asterisk's account as calls. */
export type Witness = ReturnType<typeof createWitness>;

/** Longer between two looks than this, and we hung: what comes then is late. For how long it comes. */
const hungAfterMs = 1_500;
const lateForMs = 5_000;

export function createWitness(cel: CelPort, clock: () => Instant) {
  let lookedAt: Instant | null = null;
  let lateUntil = 0;

  const folded = new WeakMap<readonly CelRecord[], { length: number; call: CelCall | null }>();

  /** Folded anew only when there are more records. */
  function fold(records: readonly CelRecord[]): CelCall | null {
    const known = folded.get(records);
    if (known?.length === records.length) return known.call;
    const call = callFromCel(records);
    folded.set(records, { length: records.length, call });
    return call;
  }

  function catchUp(): void {
    const now = clock();
    // Who has just started hears late, too, of whoever came and went before.
    if (lookedAt === null || now - lookedAt > hungAfterMs) lateUntil = now + lateForMs;
    lookedAt = now;
    cel.catchUp();
  }

  function callOf(callId: string): CelCall | null {
    const records = cel.calls().get(callId);
    return records === undefined ? null : fold(records);
  }

  function callWith(legId: LegId): CelCall | null {
    const known = callOf(legId);
    if (known !== null) return known;
    for (const [callId, records] of cel.calls())
      if (records.some(({ uniqueId }) => uniqueId === legId)) return callOf(callId);
    return null;
  }

  /** Whether we hung and hear only now what happened meanwhile. Cheap when not. */
  function late(): boolean {
    const now = clock();
    if (lookedAt !== null && (now < lateUntil || now - lookedAt > hungAfterMs)) catchUp();
    return now < lateUntil;
  }

  return {
    catchUp,
    forget: (callIds: readonly string[]): void => cel.forget(callIds),
    incomplete: (): boolean => cel.incomplete(),
    /** A part of the account still waits to be read. */
    behind: (): boolean => cel.behind(),
    /** All calls told of and not forgotten; those of which the beginning is missing with `call: null`. */
    *calls(): Iterable<{ callId: string; call: CelCall | null; records: readonly CelRecord[] }> {
      for (const [callId, records] of cel.calls()) yield { callId, call: fold(records), records };
    },
    /**
     * The same fact with the time at which it happened, where that was not just now: a caller was taken to the fallback; or we hung,
     * and a leg ended, or a caller came and was taken to the fallback meanwhile.
     */
    dated(fact: TelephonyFact): TelephonyFact {
      switch (fact.kind) {
        case 'taken-to-fallback':
          catchUp();
          return { ...fact, at: callOf(fact.legId)?.fallbackAt ?? null };
        case 'arrived': {
          const call = late() ? callOf(fact.legId) : null;
          return call === null || call.fallbackAt === null ? fact : { ...fact, at: call.caller.startedAt };
        }
        case 'leg-ended': {
          const call = late() ? callWith(fact.legId) : null;
          if (call === null) return fact;
          // It came and went while we hung: an order of ours found it gone before we read that it was taken.
          if (call.caller.legId === fact.legId && call.fallbackAt !== null)
            return { kind: 'taken-to-fallback', legId: fact.legId, at: call.fallbackAt };
          const leg = legsOf(call).find(({ legId }) => legId === fact.legId);
          return leg?.ended ? { ...fact, at: leg.ended.at } : fact;
        }
        default:
          return fact;
      }
    },
    /** What became of the legs we believe in and the node has no more. */
    fatesOf(world: World, nodeId: NodeId, liveLegs: readonly LegId[]): LegFate[] {
      catchUp();
      const live = new Set(liveLegs);
      const fates: LegFate[] = [];
      for (const leg of world.legs.values()) {
        if (leg.nodeId !== nodeId || live.has(leg.id)) continue;
        // One that we began may stand under the name of the leg that came first.
        const call = callOf(leg.callId) ?? callWith(leg.id);
        const told = call && legsOf(call).find(({ legId }) => legId === leg.id);
        if (!told) continue;
        if (leg.role === 'caller' && call.fallbackAt !== null)
          fates.push({ legId: leg.id, at: call.fallbackAt, kind: 'taken-to-fallback' });
        else if (told.ended !== null) {
          // Who picked up while nobody was there to connect them, and hung up again, has refused nothing.
          const inVain =
            told.answeredAt !== null &&
            ['waiting', 'passing'].includes(world.calls.get(leg.callId)?.stage.kind ?? '');
          const reason = leg.role === 'agent' && inVain ? 'failed' : legEndOf(told.ended);
          fates.push({ legId: leg.id, at: told.ended.at, kind: 'ended', reason });
        }
      }
      return fates;
    },
  };
}

const legsOf = ({ caller, agents, outside }: CelCall) => [caller, ...agents, ...outside];

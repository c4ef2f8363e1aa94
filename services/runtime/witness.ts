import type { LegFate } from '../calls/telephony.ts';
import type { World } from '../calls/world.ts';
import type { CelRecord } from '../cdr/cel-record.ts';
import { type CelCall, callFromCel } from '../cdr/from-cel.ts';
import { legEndOf } from '../cdr/told-by-cel.ts';
import type { LegId, NodeId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { CelPort } from './cel-port.ts';

/** Asterisk's account as calls. */
export type Witness = ReturnType<typeof createWitness>;

export function createWitness(cel: CelPort) {
  const folded = new WeakMap<readonly CelRecord[], { length: number; call: CelCall | null }>();

  /** Folded anew only when there are more records. */
  function fold(records: readonly CelRecord[]): CelCall | null {
    const known = folded.get(records);
    if (known?.length === records.length) return known.call;
    const call = callFromCel(records);
    folded.set(records, { length: records.length, call });
    return call;
  }

  return {
    catchUp: (): void => cel.catchUp(),
    forget: (callIds: readonly string[]): void => cel.forget(callIds),
    incomplete: (): boolean => cel.incomplete(),
    /** All calls told of and not forgotten; those of which the beginning is missing with `call: null`. */
    *calls(): Iterable<{ callId: string; call: CelCall | null; records: readonly CelRecord[] }> {
      for (const [callId, records] of cel.calls()) yield { callId, call: fold(records), records };
    },
    /** When a caller came to the fallback; null when the account does not tell. */
    fallbackAt(callId: string): Instant | null {
      cel.catchUp();
      const records = cel.calls().get(callId);
      return (records && fold(records)?.fallbackAt) ?? null;
    },
    /** What became of the legs we believe in and the node has no more. */
    fatesOf(world: World, nodeId: NodeId, liveLegs: readonly LegId[]): LegFate[] {
      cel.catchUp();
      const live = new Set(liveLegs);
      const fates: LegFate[] = [];
      for (const leg of world.legs.values()) {
        if (leg.nodeId !== nodeId || live.has(leg.id)) continue;
        const records = cel.calls().get(leg.callId);
        const call = records === undefined ? null : fold(records);
        const told = call && [call.caller, ...call.agents].find(({ legId }) => legId === leg.id);
        if (!told) continue;
        if (leg.role === 'caller' && call.fallbackAt !== null)
          fates.push({ legId: leg.id, at: call.fallbackAt, kind: 'taken-to-fallback' });
        else if (told.ended !== null)
          fates.push({ legId: leg.id, at: told.ended.at, kind: 'ended', reason: legEndOf(told.ended) });
      }
      return fates;
    },
  };
}

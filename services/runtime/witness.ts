import { type Leg, ringsOf } from '../calls/call.ts';
import type { LegFate, TelephonyFact } from '../calls/telephony.ts';
import { isLost, type World } from '../calls/world.ts';
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
  /** We hung, and have not told yet what befell callers meanwhile. */
  let toTell = false;

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
    if (lookedAt === null || now - lookedAt > hungAfterMs) {
      lateUntil = now + lateForMs;
      toTell = lookedAt !== null;
    }
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
      return [...world.legs.values()]
        .filter((leg) => leg.nodeId === nodeId && !live.has(leg.id))
        .flatMap((leg) => fateOf(world, leg) ?? []);
    },
    /**
     * After we hung, before anything else of that time is heard: what became of the callers who left or were taken to the fallback,
     * and of the phones in their calls. What comes later of them, such as orders that ran out of time, would else be held for news. Once
     * after each time; nothing while the node is away, as its coming back tells all.
     */
    missed(world: World): LegFate[] {
      if (!late() || !toTell) return [];
      toTell = false;
      const legs = [...world.legs.values()].filter(({ nodeId }) => !isLost(world, nodeId));
      const fates = legs.flatMap((leg) => fateOf(world, leg) ?? []);
      const gone = new Set(fates.map(({ legId }) => legId));
      return fates.flatMap((fate) => {
        const leg = world.legs.get(fate.legId);
        const call = leg && world.calls.get(leg.callId);
        if (call === undefined || !gone.has(call.legId)) return [];
        // Nobody was there to connect whoever picked up: what a phone did that rang is not its agent's doing.
        const inVain = leg?.role === 'agent' && awaited(world, leg) && fate.kind === 'ended';
        return [inVain ? { ...fate, reason: 'failed' as const } : fate];
      });
    },
  };

  /** null while it lives, or when Asterisk's account does not tell of it. */
  function fateOf(world: World, leg: Leg): LegFate | null {
    // One that we began may stand under the name of the leg that came first.
    const call = callOf(leg.callId) ?? callWith(leg.id);
    const told = call && legsOf(call).find(({ legId }) => legId === leg.id);
    if (!told) return null;
    if (leg.role === 'caller' && call.fallbackAt !== null)
      return { legId: leg.id, at: call.fallbackAt, kind: 'taken-to-fallback' };
    if (told.ended === null) return null;
    // Who picked up while nobody was there to connect them, and hung up again, has refused nothing.
    const inVain = told.answeredAt !== null && awaited(world, leg);
    // Of a phone that was not heard to ring it may be that nobody called it (from-cel.ts): it is looked at, and rung again.
    const unsure = told.ended.reason === 'declined' && !wasHeardToRing(world, leg);
    const reason = leg.role === 'agent' && (inVain || unsure) ? 'failed' : legEndOf(told.ended);
    return { legId: leg.id, at: told.ended.at, kind: 'ended', reason };
  }
}

/** A phone of whose answer the caller was waiting. */
const awaited = (world: World, { callId }: Leg): boolean =>
  ['waiting', 'passing'].includes(world.calls.get(callId)?.stage.kind ?? '');

function wasHeardToRing(world: World, { id, callId }: Leg): boolean {
  const call = world.calls.get(callId);
  if (call?.consult?.legId === id) return call.consult.rings === true;
  return call !== undefined && ringsOf(call.stage).some(({ legId, rings }) => legId === id && rings === true);
}

const legsOf = ({ caller, agents, outside }: CelCall) => [caller, ...agents, ...outside];

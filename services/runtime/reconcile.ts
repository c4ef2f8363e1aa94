import type { World } from '../calls/world.ts';
import type { CelCall } from '../cdr/from-cel.ts';
import { eventsToldByCel, type TellRules, type Told } from '../cdr/told-by-cel.ts';
import { asId, type CallId } from '../events/ids.ts';
import { after, type Instant, instant } from '../events/instant.ts';
import type { LedgerPort, RecordedCall, Unexplained } from './ledger-port.ts';
import type { Witness } from './witness.ts';

export type ReconcileOptions = {
  witness: Pick<Witness, 'catchUp' | 'calls' | 'forget' | 'incomplete' | 'behind'>;
  ledger: LedgerPort;
  world: Pick<World, 'calls'>;
  rules: TellRules;
  importEvents: (told: readonly Told[]) => void;
  /** Resolves when everything journalled so far is in the ledger; rejects when that takes too long. */
  shipped: () => Promise<void>;
  clock: () => Instant;
  schedule: (ms: number, callback: () => void) => () => void;
  log: { info(what: object, text: string): void; warn(what: object, text: string): void };
};

/** Younger calls are not judged: their events may be on the way. */
const judgedAfterMs = 30_000;
/** A call that is over is looked at this long after: our own events come first. */
const settledAfterMs = 2_000;
const readEveryMs = 1_000;
const settleEveryMs = 2_000;
const judgeEveryMs = 10_000;
/** Calls told into the ledger between two looks at what else is to be done. */
const mostAtOnce = 250;
/** How far back records without a witness are looked for: at the start, and then. */
const fullWindowMs = 2 * 24 * 3_600_000;
const shortWindowMs = 3_600_000;
/** What nothing has explained by then stays in the list for people to look at; its raw account is let go. */
const givenUpAfterMs = 24 * 3_600_000;

/**
 * Holds our records against Asterisk's own account, for ever: calls it served alone are told into the ledger when they are over;
 * every channel is explained by a record or a leg of one, every record by a channel; what is left is listed. Nothing is judged
 * while Postgres is away.
 */
export function createReconciliation(options: ReconcileOptions) {
  const { witness, ledger, world, clock } = options;
  /** Calls of which the ledger has been told that Asterisk tells of them. */
  const noted = new Set<string>();
  let unexplainedCalls = 0;
  let judgedFully = false;
  let lastJudged = 0;
  let working = false;
  let stopped = false;
  let failing = false;
  let cancel: () => void = () => undefined;
  let lastSettled = 0;

  /** Calls that are over and gone from our world, too. */
  function settled(now: Instant): CelCall[] {
    const over: CelCall[] = [];
    for (const { call } of witness.calls()) {
      if (!call?.over || world.calls.has(call.callId)) continue;
      if (now - lastMoment(call) >= settledAfterMs) over.push(call);
    }
    return over;
  }

  /** Tells the ledger of calls it knows nothing of, or not the end; lets explained ones go. */
  async function settle(now: Instant): Promise<void> {
    const over = settled(now);
    // After a long time away there may be thousands: calls that live are looked after in between.
    for (let at = 0; at < over.length; at += mostAtOnce) await settleSome(over.slice(at, at + mostAtOnce));
  }

  async function settleSome(over: readonly CelCall[]): Promise<void> {
    await options.shipped();
    const records = await ledger.recordsOf(over.map(toldIn));
    const explained: CelCall[] = [];
    for (const call of over) {
      const record = records.get(toldIn(call));
      // Our own events may have come in between.
      if (world.calls.has(toldIn(call))) continue;
      if (record?.endedAt == null && call.ringFor === null) tell(call, record);
      else if (unexplainedOf(call, record).length === 0) explained.push(call);
    }
    await note(explained);
    witness.forget(explained.map(({ callId }) => callId));
    for (const { callId } of explained) noted.delete(callId);
  }

  function tell(call: CelCall, record: RecordedCall | undefined): void {
    const told = eventsToldByCel(call, options.rules, record ?? null);
    options.importEvents(told);
    options.log.info(
      { callId: call.callId, events: told.length, outcome: outcomeIn(told) },
      record === undefined
        ? 'a call that was served without us is recorded'
        : 'a call that went on without us is recorded to its end',
    );
  }

  async function note(calls: readonly CelCall[]): Promise<void> {
    const news = calls.filter(({ callId }) => !noted.has(callId));
    if (news.length === 0) return;
    await ledger.noteWitnessed(
      news.map((call) => ({ callId: toldIn(call), startedAt: call.caller.startedAt })),
    );
    for (const { callId } of news) noted.add(callId);
  }

  async function judge(now: Instant): Promise<void> {
    await options.shipped();
    const until = after(now, -judgedAfterMs);
    const old: CelCall[] = [];
    const found: Unexplained[] = [];
    const givenUp: string[] = [];
    for (const { callId, call, records } of witness.calls()) {
      const startedAt = records[0]?.at ?? now;
      if (startedAt > until) continue;
      if (startedAt < now - givenUpAfterMs) givenUp.push(callId);
      if (call !== null) old.push(call);
      else
        found.push({
          kind: 'channel',
          id: callId,
          callId: asId(callId),
          startedAt,
          reason: 'the beginning of the call is missing in the account of Asterisk',
        });
    }
    await note(old);
    const records = await ledger.recordsOf(old.map(toldIn));
    for (const call of old) {
      const record = records.get(toldIn(call));
      // The rest of it is about to be told.
      if (call.over && record?.endedAt == null && now - lastMoment(call) < judgedAfterMs) continue;
      found.push(...unexplainedOf(call, record));
    }
    const from = instant(now - (judgedFully ? shortWindowMs : fullWindowMs));
    for (const { callId, startedAt } of await ledger.recordsWithoutWitness(from, until)) {
      const reason = witness.incomplete()
        ? 'a part of the account of Asterisk was lost or damaged'
        : 'the account of Asterisk tells of no such call';
      found.push({ kind: 'record', id: callId, callId, startedAt, reason });
    }
    unexplainedCalls = await ledger.keepUnexplained(from, found, now);
    if (found.length > 0)
      options.log.warn({ found: found.slice(0, 20), count: found.length }, 'calls are unexplained');
    judgedFully = true;
    witness.forget(givenUp);
  }

  /** The channels of a call that no record tells of. What is under way in our world, or in the fallback, will have its record. */
  function unexplainedOf(call: CelCall, record: RecordedCall | undefined): Unexplained[] {
    const under = world.calls.has(toldIn(call)) || (call.fallbackAt !== null && !call.over);
    if (under) return [];
    const { callId } = call;
    return call.channels.flatMap(({ channelId, channel, startedAt }) => {
      if (record?.legs.has(asId(channelId))) return [];
      const reason =
        record === undefined
          ? `no record of this call (${channel})`
          : `${channel} is no leg of the recorded call`;
      return [{ kind: 'channel' as const, id: channelId, callId, startedAt, reason }];
    });
  }

  async function work(): Promise<void> {
    working = true;
    const now = clock();
    try {
      witness.catchUp();
      if (now - lastSettled >= settleEveryMs) {
        await settle(now);
        lastSettled = now;
      }
      // Of calls told of in what is still to be read, nothing can be said yet.
      if (!witness.behind() && now - lastJudged >= judgeEveryMs) {
        await judge(now);
        lastJudged = now;
      }
      failing = false;
    } catch (error) {
      if (!failing) options.log.warn({ err: error }, 'records cannot be reconciled now; it is tried again');
      failing = true;
    }
    working = false;
    arm();
  }

  function arm(): void {
    if (stopped || working) return;
    cancel = options.schedule(readEveryMs, () => void work());
  }

  return {
    start: (): void => arm(),
    /** Calls of which only one witness tells; as of the last judgement. */
    unexplainedCalls: (): number => unexplainedCalls,
    stop(): void {
      stopped = true;
      cancel();
    },
  };
}

/** The call whose record tells of this one: itself, but for what we began. */
const toldIn = ({ callId, ringFor }: CelCall): CallId => ringFor ?? callId;

function lastMoment({ caller, agents, outside }: CelCall): Instant {
  return instant(Math.max(...[caller, ...agents, ...outside].map((leg) => leg.ended?.at ?? 0)));
}

function outcomeIn(told: readonly Told[]): string | null {
  for (const { body } of told) if (body.type === 'CallEnded') return body.outcome;
  return null;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolders } from '../../infra/parts/files.ts';
import type { CallOutcome } from '../support/call-outcome.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { watchStandstill } from '../support/standstill.ts';
import { agentNumbers } from '../support/test-centre.ts';
import { pause, until } from '../support/until.ts';
import { nothingUnexplained } from '../support/witnesses.ts';
import { brokenBooks, countsAgree } from './books.ts';
import { type Kill, outagesOf } from './kills.ts';
import { beginLongTalk, type LongTalk } from './long-talks.ts';
import { type AskedRing, outOfOrder, type Visit } from './queue-order.ts';
import { type Served, startStaff } from './staff.ts';
import { type ChaosCaller, callersOf } from './traffic.ts';
import { closeOn, type Recorded, readRecords, type Seen, wrongWith } from './verdict.ts';

export type ShiftPlan = {
  seed: number;
  /** At least so many; callers go on coming until the disturbance is over. */
  calls: number;
  ratePerSecond: number;
  agents: number;
  /** With a standby controller, which takes over within a second; else the next one is started, and Asterisk serves callers meanwhile. */
  standby: boolean;
};

/** What a shift came to: per caller's index what the telephones saw and what was recorded, and everything that is wrong. */
export type Shift = {
  kills: readonly Kill[];
  records: Recorded[];
  served: Served[];
  counts: Record<string, number>;
  wrong: string[];
  figures: Record<string, number>;
};

/**
 * Steady traffic against robot agents on a service of its own while `disturb` does what it does; then everything is compared with
 * what the telephones saw.
 */
export async function workShift(
  plan: ShiftPlan,
  disturb: (hotline: HotlineAtWork, longTalk: LongTalk) => Promise<Kill[]>,
): Promise<{ hotline: HotlineAtWork; judge: () => Promise<Shift> }> {
  const [talker = '', ...ids] = agentNumbers(plan.agents + 1);
  const hotline = await HotlineAtWork.start(
    { agents: ids.length + 1, ringTimeoutSeconds: 4, wrapUpSeconds: 1 },
    { HOTLINE_STANDBY: plan.standby ? 'on' : 'off' },
  );
  const judge = async (): Promise<Shift> => {
    const machine = watchStandstill();
    const longTalk = await beginLongTalk(hotline, talker, '13800000000');
    const staff = await startStaff(hotline, ids, plan.seed);
    const callers = callersOf(plan.seed, plan.calls * mostTimes);
    let calm = false;
    const disturbed = disturb(hotline, longTalk).finally(() => {
      calm = true;
    });
    const outcomes = await traffic(hotline, plan, callers, () => calm).catch(async (error: unknown) => {
      const stuck = await longCalls(hotline);
      throw new Error(`${error}\n${stuck.join('\n\n')}`, { cause: error });
    });
    const kills = await disturbed;
    const outages = outagesOf(kills);
    await longTalk.stands();
    const long = await longTalk.end();
    await staff.settled(60_000);
    for (const id of [talker, ...ids]) await hotline.agentIs(id, 'available', 30_000);
    await staff.stop();
    await hotline.nothingLeft({ withinMs: 30_000 });
    let seen = 0;
    await until(
      'a record of every call',
      async () => {
        seen = (await readRecords(hotline.instance)).length;
        return seen > outcomes.length;
      },
      { withinMs: 60_000, everyMs: 300, seen: () => seen },
    ).catch(() => undefined);
    const records = await readRecords(hotline.instance);
    const closeMs = closeOn(machine);
    machine.stop();
    const served = staff.served();
    const byCall = Map.groupBy(records, ({ sip_call_id }) => sip_call_id);
    const byCaller = Map.groupBy(served, ({ caller }) => caller);
    const wrong: string[] = [];
    const seenCalls: Seen[] = outcomes.map((outcome, i) => ({
      outcome,
      kind: callers[i]?.kind ?? 'stays',
      served: byCaller.get(outcome.from) ?? [],
    }));
    seenCalls.push({ outcome: long.outcome, kind: 'hangs up some time later', served: long.rings });
    for (const { outcome, kind, served: rings } of seenCalls) {
      const of = byCall.get(outcome.sipCallId) ?? [];
      const problems = wrongWith({ kind, outcome, served: rings }, of, outages, closeMs);
      if (problems.length > 0)
        wrong.push(
          `${outcome.from} (${kind}): ${problems.join('; ')}\n${await storyOf(hotline, of[0] ?? (await openRecord(hotline, outcome.sipCallId)), { outcome, rings, outages })}`,
        );
    }
    const known = new Set(seenCalls.map((one) => one.outcome.sipCallId));
    for (const record of records)
      if (!known.has(record.sip_call_id))
        wrong.push(`a record of no call: ${await storyOf(hotline, record, { outages })}`);
    wrong.push(...outOfOrder(await visitsOf(hotline), served, await askedRingsOf(hotline), outages));
    wrong.push(...(await unjustNotReady(hotline, served, closeMs)));
    wrong.push(...(await brokenBooks(hotline)));
    const unexplained = await nothingUnexplained(hotline).then(
      () => [],
      (error: unknown) => [String(error)],
    );
    for (const what of unexplained)
      for (const [callId] of what.matchAll(/(?<="call_id":")[^"]+/g))
        wrong.push(
          `${what}\n${await storyOf(
            hotline,
            records.find((one) => one.call_id === callId),
            { outages },
          )}`,
        );
    wrong.push(...unexplained);
    const counts = await countsAgree(hotline);
    const refused = staff.refusedAsBusy();
    const figures = {
      calls: outcomes.length,
      kills: kills.length,
      awayMs: outages.reduce((sum, { from, to }) => sum + (to - from), 0),
      answered: records.filter(({ outcome }) => outcome === 'answered').length,
      degraded: records.filter(({ degraded }) => degraded).length,
      conversations: served.filter(({ talksAt }) => talksAt !== null).length,
      rings: served.length,
      refusedAsBusy: refused.length,
      stoodStillMs: closeMs - closeOn({ longestMs: () => 0 }),
    };
    return { kills, records, served, counts, wrong, figures };
  };
  return { hotline, judge };
}

/** Callers of one sipp. */
const batch = 20;
/** Should the disturbance last and last, no more than so many times the calls that were asked for. */
const mostTimes = 3;

/** Callers come at the same rate until there have been enough and all is calm; what became of each, by index. */
async function traffic(
  hotline: HotlineAtWork,
  plan: ShiftPlan,
  callers: readonly ChaosCaller[],
  calm: () => boolean,
): Promise<CallOutcome[]> {
  const batches: Promise<CallOutcome[]>[] = [];
  let sent = 0;
  while (sent < plan.calls || (!calm() && sent < callers.length)) {
    const first = sent;
    const calls = Math.min(batch, callers.length - sent);
    const batchOver = hotline.phones.load({
      calls,
      firstNumber: first,
      ratePerSecond: plan.ratePerSecond,
      to: '95598',
      withinMs: 600_000,
      script: (i) => callers[first + i]?.script ?? [],
    });
    // It is waited for below; until then its failure is nobody's.
    batchOver.catch(() => undefined);
    batches.push(batchOver);
    sent += calls;
    await pause((calls / plan.ratePerSecond) * 1_000);
  }
  return (await Promise.all(batches)).flat();
}

async function visitsOf({ instance }: HotlineAtWork): Promise<Visit[]> {
  const rows = await instance.query<Omit<Visit, 'queuedAt' | 'leftAt'> & { queued_at: Date; left_at: Date }>(
    `select v.call_id, r.caller_number as caller, v.queue, v.priority, v.queued_at, v.left_at,
            v.visit_id like '%-f_' as degraded
       from queue_visit v join call_record r using (call_id)`,
  );
  return rows.map((row) => ({
    ...row,
    queuedAt: row.queued_at.getTime(),
    leftAt: row.left_at?.getTime() ?? Number.POSITIVE_INFINITY,
  }));
}

/** The rings that were ordered, whether or not a phone rang. */
async function askedRingsOf({ instance }: HotlineAtWork): Promise<AskedRing[]> {
  const rows = await instance.query<{ caller: string; asked_at: Date; over_at: Date | null }>(
    `select r.caller_number as caller, asked.at as asked_at, ended.at as over_at
       from call_event asked join call_record r using (call_id)
       left join call_event ended on ended.call_id = asked.call_id and ended.type = 'AgentRingEnded'
        and ended.payload->>'legId' = asked.payload->>'legId'
      where asked.type = 'AgentRingRequested'`,
  );
  return rows.map(({ caller, asked_at, over_at }) => ({
    caller,
    askedAt: asked_at.getTime(),
    overAt: over_at?.getTime() ?? null,
  }));
}

/** Agents whom the service took out of work as of a moment at which their phones had neither refused nor ignored anything. */
async function unjustNotReady(
  { instance }: HotlineAtWork,
  served: readonly Served[],
  closeMs: number,
): Promise<string[]> {
  // The judgements themselves: a conversation that Asterisk made alone may part the time that follows one.
  const rows = await instance.query<{ agent: string; reason: string; at: Date }>(
    `select agent, payload->>'reason' as reason, at from call_event
      where type = 'AgentStateChanged' and payload->>'state' = 'not-ready' and payload->>'because' like 'ring ended:%' order by at`,
  );
  const unjust: string[] = [];
  for (const { agent, reason, at } of rows) {
    const rings = served.filter((one) => one.agent === agent && one.rangAt <= at.getTime() + 500);
    const deserved = ({ how, overAt }: Served) =>
      Math.abs((overAt ?? 0) - at.getTime()) < closeMs &&
      (how === 'declined' || (how === 'cancelled' && reason === 'ring-no-answer'));
    if (rings.some(deserved)) continue;
    const events = await instance.query<{ at: Date; type: string; payload: object }>(
      `select at, type, payload from call_event where agent = $1 and at between $2::timestamptz - interval '6 s' and $2::timestamptz + interval '1 s' order by at, seq`,
      [agent, at],
    );
    unjust.push(
      `${agent} was made not ready (${reason}) at ${at.toISOString()}; the phone says ${JSON.stringify(rings.slice(-2))}\n${listed(events)}`,
    );
  }
  return unjust;
}

/** What became of callers who were on the line for so long that they were forgotten, for a failure's message. */
async function longCalls(hotline: HotlineAtWork): Promise<string[]> {
  const records = await hotline.instance.query<Recorded>(
    `select * from call_record where coalesce(ended_at, now()) - started_at > interval '150 s' and caller_number like '139%'`,
  );
  const live = JSON.stringify((await hotline.live()).calls);
  return Promise.all(records.slice(0, 5).map((record) => storyOf(hotline, record, { live })));
}

/** A record that has no end. */
async function openRecord({ instance }: HotlineAtWork, sipCallId: string): Promise<Recorded | undefined> {
  const [record] = await instance.query<Recorded>('select * from call_record where sip_call_id = $1', [
    sipCallId,
  ]);
  return record;
}

/** All that is known of a call, for a failure's message. */
async function storyOf(hotline: HotlineAtWork, record: Recorded | undefined, more: object): Promise<string> {
  const events = await hotline.instance.query<{ at: Date; type: string; payload: object }>(
    'select at, type, payload from call_event where call_id = $1 order by at, seq',
    [record?.call_id ?? ''],
  );
  const account = readFileSync(join(homeFolders(hotline.instance.home).asteriskCel, 'cel.csv'), 'utf8');
  const lines = account.split('\n').filter((line) => record && line.includes(record.call_id));
  return `${JSON.stringify({ record, ...more })}\n${listed(events)}\n${lines.join('\n')}`;
}

function listed(events: readonly { at: Date; type: string; payload: object }[]): string {
  return events.map((e) => `  ${e.at.toISOString()} ${e.type} ${JSON.stringify(e.payload)}`).join('\n');
}

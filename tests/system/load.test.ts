import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallOutcome } from '../support/call-outcome.ts';
import { seeded } from '../support/caller.ts';
import { dayThatLasts } from '../support/day-that-lasts.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { metricSum } from '../support/metrics-text.ts';
import { type RobotAgents, type RobotPlan, startRobotAgents } from '../support/robot-agents.ts';
import type { ScriptStep } from '../support/sipp-call.ts';
import { agentNumbers } from '../support/test-centre.ts';
import { pause, until } from '../support/until.ts';

const CALLS = 200;
/** Of these, so many leave within milliseconds, when the call is just being made; by our own phones, as sipp is too coarse. */
const HASTY_CALLS = 10;
const AGENTS = agentNumbers(20);
const wrapUpSeconds = 1;
/** The service's clock runs evenly, so a wall clock that is being set right may be a little ahead of it, or behind. */
const clocksDifferMs = 50;
/** Set it to a seed that was printed, to have the same people again. */
const SEED = Number(process.env.HOTLINE_TEST_SEED ?? Date.now() % 1_000_000);

let hotline: HotlineAtWork;

beforeAll(async () => {
  hotline = await HotlineAtWork.start(
    { agents: AGENTS.length, ringTimeoutSeconds: 20, wrapUpSeconds },
    dayThatLasts(),
  );
});
afterAll(() => hotline?.stop());

/** How a caller behaves, and in what a call of that kind may end. */
type Caller = { kind: string; script: ScriptStep[]; outcomes: string[] };

const ANSWER: ScriptStep = { answer: true };
const PERSON: ScriptStep = { dtmf: '0' };

/** Callers of every kind; "at the turn" leaves about when an agent's phone begins to ring. */
function callerOf(random: () => number): Caller {
  const upTo = (ms: number) => Math.round(random() * ms);
  const dice = random();
  if (dice < 0.1)
    return {
      kind: 'leaves in the greeting',
      script: [ANSWER, { hangUpAfterMs: upTo(2_000) }],
      outcomes: ['abandoned_in_ivr'],
    };
  if (dice < 0.2)
    return {
      kind: 'leaves right after the key',
      script: [ANSWER, PERSON, { hangUpAfterMs: upTo(3_000) }],
      outcomes: ['abandoned_in_ivr', 'abandoned_in_queue', 'answered'],
    };
  if (dice < 0.4)
    return {
      kind: 'leaves at the turn',
      script: [ANSWER, PERSON, { hangUpAfterMs: 5_000 + upTo(2_000) }],
      outcomes: ['abandoned_in_ivr', 'abandoned_in_queue', 'answered'],
    };
  if (dice < 0.55)
    return {
      kind: 'leaves some time later',
      script: [ANSWER, PERSON, { hangUpAfterMs: 7_000 + upTo(5_000) }],
      outcomes: ['abandoned_in_queue', 'answered'],
    };
  return {
    kind: 'stays',
    script: [ANSWER, PERSON, { untilBye: true, withinMs: 90_000 }],
    outcomes: ['answered'],
  };
}

function agentPlan(random: () => number): RobotPlan {
  const afterMs = Math.round(random() * 1_500);
  if (random() < 0.05) return { kind: 'declines', afterMs };
  return { kind: 'answers', afterMs, hangsUpAfterMs: 200 + Math.round(random() * 2_500) };
}

type Row = {
  sip_call_id: string;
  outcome: string;
  release_party: string;
  agent: string | null;
  ended_at: Date;
  /** When its last conversation began; null when there was none. */
  answered_at: Date | null;
};

test(`${CALLS} calls at 10 a second against ${AGENTS.length} agents, who leave at every step: one right record each, nothing left over`, async () => {
  console.info(`seed ${SEED} (HOTLINE_TEST_SEED=${SEED} repeats these people)`);
  const random = seeded(SEED);
  const callers = Array.from({ length: CALLS - HASTY_CALLS }, () => callerOf(random));
  const hasty = Array.from({ length: HASTY_CALLS }, (_, i) =>
    dialAndLeave(`1370000000${i}`, 1_000 + random() * 18_000, random() * 20),
  );
  const agents = await startRobotAgents(hotline, AGENTS, () => agentPlan(random));
  const outcomes = await hotline.phones.load({
    calls: callers.length,
    ratePerSecond: 10,
    to: '95598',
    withinMs: 100_000,
    script: (i) => callers[i]?.script ?? [],
  });
  const hastyCalls = await Promise.all(hasty);
  await agents.settled();
  await hotline.nothingLeft();
  for (const id of AGENTS) await hotline.agentIs(id, 'available');
  await hotline.nothingLeft();

  const readRecords = () =>
    hotline.instance.query<Row>(
      `select sip_call_id, outcome, release_party, agent, ended_at,
              (select max(answered_at) from agent_conversation c where c.call_id = r.call_id) as answered_at
         from call_record r where ended_at is not null`,
    );
  // A call cancelled before the dialplan handed it to us is told by Asterisk's own account, some seconds later.
  const records = await until(
    'a record of every call',
    async () => {
      const rows = await readRecords();
      return rows.length >= CALLS ? rows : null;
    },
    { withinMs: 60_000, everyMs: 200 },
  );
  const byCall = new Map(records.map((record) => [record.sip_call_id, record]));
  const wrong = outcomes.flatMap((outcome, i) =>
    wrongWith(outcome, callers[i], byCall.get(outcome.sipCallId), agents.hangUps),
  );
  expect(
    wrong.map(({ what }) => what),
    await timelineOf(wrong[0]?.sipCallId ?? ''),
  ).toEqual([]);
  expect(byCall.size, 'records are of different calls').toBe(records.length);
  const hastyRecords = hastyCalls.flatMap(({ sipCallId }) => byCall.get(sipCallId) ?? []);
  expect(hastyRecords, 'records of hasty calls').toHaveLength(HASTY_CALLS);
  for (const record of hastyRecords)
    expect(record, await timelineOf(record.sip_call_id)).toMatchObject({
      outcome: 'abandoned_in_ivr',
      release_party: 'caller',
      agent: null,
    });
  expect(records).toHaveLength(CALLS);
  await countsAgree(records.length);
});

/** A call that is left some milliseconds after its INVITE: by CANCEL, or by BYE if it was answered already. */
async function dialAndLeave(
  number: string,
  startMs: number,
  leaveMs: number,
): Promise<{ sipCallId: string }> {
  const phone = await hotline.phones.trunkPhone(number, { audio: false });
  await pause(startMs);
  const dialled = phone.dial('95598');
  const sipCallId = await until('the INVITE to be sent', () => phone.sipCallId, { everyMs: 1 });
  await pause(leaveMs);
  await phone.hangUp();
  await dialled;
  await phone.idle();
  return { sipCallId };
}

/** All events of a call, for a failure's message. */
async function timelineOf(sipCallId: string): Promise<string> {
  const rows = await hotline.instance.query<{ at: Date; type: string; payload: object }>(
    `select at, type, payload from call_event
      where call_id = (select call_id from call_record where sip_call_id = $1) order by seq`,
    [sipCallId],
  );
  return rows.map((e) => `${e.at.toISOString()} ${e.type} ${JSON.stringify(e.payload)}`).join('\n');
}

/** What the record says otherwise than the telephones saw it. */
function wrongWith(
  seen: CallOutcome,
  caller: Caller | undefined,
  record: Row | undefined,
  hangUps: RobotAgents['hangUps'],
) {
  const { sipCallId, endedBy } = seen;
  const wrong = [
    { sipCallId, what: `${seen.from} ${caller?.kind}, ended by ${endedBy}: ${JSON.stringify(record)}` },
  ];
  if (!record || !caller?.outcomes.includes(record.outcome)) return wrong;
  if ((record.outcome === 'answered') !== (record.agent !== null)) return wrong;
  if (endedBy === 'callee') return record.release_party === 'agent' ? [] : wrong;
  if (endedBy !== 'caller' && endedBy !== 'both') return wrong;
  if (record.release_party === 'caller') return [];
  // Both hung up at the same moment: "agent" is the truth only if that agent's phone did so, in this conversation and before its end. A busy
  // controller hears of the answer later than the phone; the call before this one was over a wrap-up earlier.
  const from = (record.answered_at?.getTime() ?? Number.NaN) - wrapUpSeconds * 1_000;
  const to = record.ended_at.getTime() + clocksDifferMs;
  const agentToo = hangUps.some(({ agent, at }) => agent === record.agent && at >= from && at <= to);
  return record.release_party === 'agent' && agentToo ? [] : wrong;
}

/** Prometheus = records = kpi_interval = the live board, and no agent had two calls at once. */
async function countsAgree(calls: number): Promise<void> {
  const { query, metrics } = hotline.instance;
  const samples = await metrics();
  const outcomes = await query<{ outcome: string; calls: number }>(
    'select outcome, count(*)::int as calls from call_record group by outcome',
  );
  for (const { outcome, calls: ofThese } of outcomes)
    expect([outcome, metricSum(samples, 'hotline_calls_total', { outcome })]).toEqual([outcome, ofThese]);
  expect(metricSum(samples, 'hotline_calls_total')).toBe(calls);

  const [visits] = await query<Record<string, number>>(
    `select count(*)::int as offered,
            count(*) filter (where outcome = 'answered')::int as answered,
            count(*) filter (where outcome = 'answered' and wait_ms <= 15000)::int as in_threshold,
            count(*) filter (where outcome = 'abandoned')::int as abandoned,
            count(*) filter (where outcome = 'abandoned' and wait_ms < 5000)::int as short_abandoned,
            count(*) filter (where outcome = 'flow_out')::int as flow_out
       from queue_visit`,
  );
  const [kpi] = await query<Record<string, number>>(
    `select sum(offered)::int as offered, sum(answered)::int as answered,
            sum(answered_in_threshold)::int as in_threshold, sum(abandoned)::int as abandoned,
            sum(short_abandoned)::int as short_abandoned, sum(flow_out)::int as flow_out
       from kpi_interval`,
  );
  const counted = {
    offered: metricSum(samples, 'hotline_queue_offered_total'),
    answered: metricSum(samples, 'hotline_queue_answered_total'),
    in_threshold: metricSum(samples, 'hotline_queue_answered_in_threshold_total'),
    abandoned: metricSum(samples, 'hotline_queue_abandoned_total'),
    short_abandoned: metricSum(samples, 'hotline_queue_abandoned_total', { short: 'true' }),
    flow_out: metricSum(samples, 'hotline_queue_flow_out_total'),
  };
  expect(kpi).toEqual(visits);
  expect(counted).toEqual(visits);
  const { countsToday } = (await hotline.live()).overall;
  expect(countsToday).toMatchObject({
    offered: counted.offered,
    answered: counted.answered,
    abandoned: counted.abandoned,
  });

  const [times] = await query<Record<string, number>>(
    `select sum(talk_ms)::int as talk, sum(wrap_up_ms)::int as wrap_up, sum(ring_ms)::int as ring from agent_conversation`,
  );
  const [recorded] = await query<Record<string, number>>(
    `select sum(talk_ms)::int as talk, sum(wrap_up_ms)::int as wrap_up, sum(ring_ms)::int as ring from call_record`,
  );
  const sumMs = (name: string) => Math.round(metricSum(samples, `hotline_${name}_seconds_sum`) * 1_000);
  expect(recorded).toEqual(times);
  expect({ talk: sumMs('talk'), wrap_up: sumMs('wrap_up') }).toEqual({
    talk: times?.talk,
    wrap_up: times?.wrap_up,
  });

  const doubled = await query(
    `select a.agent, a.call_id, b.call_id as other from agent_conversation a
       join agent_conversation b on a.agent = b.agent and a.call_id < b.call_id
        and a.answered_at < b.ended_at and b.answered_at < a.ended_at`,
  );
  expect(doubled).toEqual([]);
}

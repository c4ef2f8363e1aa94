import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { CallOutcome } from '../support/call-outcome.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { isReady } from '../support/is-ready.ts';
import { pidOf } from '../support/kill-part.ts';
import { metricSum } from '../support/metrics-text.ts';
import { startRobotAgents } from '../support/robot-agents.ts';
import { agentNumbers } from '../support/test-centre.ts';
import { pause, until } from '../support/until.ts';

const callCount = 70;
const ratePerSecond = 5;
const [talker = '', ...robots] = agentNumbers(14);
/**
 * Who waits so long for a controller is connected by Asterisk alone (extensions.conf, watchdog.ts), as is right. A restart takes a second
 * or two; only a machine with far too much to do takes longer than this.
 */
const fallbackAfterMs = 8_000;
/** Our times against those of the SIP side. */
const closeMs = 500;
let hotline: HotlineAtWork;

beforeAll(async () => {
  hotline = await HotlineAtWork.start({ agents: 14, ringTimeoutSeconds: 20 });
});
afterEach(() => hotline.tidyUp());
afterAll(() => hotline?.stop());

/** What the SIP side saw of the restarts: while nobody listened. */
type Gap = { from: number; to: number };

/** The controller is asked to end, and the supervisor starts another. @returns when calls were not taken */
async function restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<Gap> {
  const before = pidOf(hotline.instance, 'controller');
  const from = Date.now();
  process.kill(before, signal);
  const another = async () =>
    pidOf(hotline.instance, 'controller') !== before && (await isReady(hotline.instance.url));
  await until('the next controller', another, { withinMs: 60_000, everyMs: 20, seen: hotline.instance.logs });
  return { from, to: Date.now() };
}

test(`two restarts under ${ratePerSecond} calls a second: no call is refused, cut off or served otherwise; a long conversation does not notice`, async () => {
  const agent = await hotline.ready(talker, { toneHz: 660 });
  const long = await hotline.waiting({ from: '13900000001', toneHz: 440 });
  await agent.incoming();
  await agent.answer();
  await agent.hears(440);
  const agents = await startRobotAgents(hotline, robots, () => ({
    kind: 'answers',
    afterMs: 300,
    hangsUpAfterMs: 1_000,
  }));

  const traffic = hotline.phones.load({
    calls: callCount,
    ratePerSecond,
    to: '95598',
    withinMs: 90_000,
    // Who pressed the key while nobody listened, presses it again, and once more: it means nothing to who waits or talks.
    script: () => [
      { answer: true, withinMs: 30_000 },
      { dtmf: '0' },
      { wait: 8_000 },
      { dtmf: '0' },
      { wait: 8_000 },
      { dtmf: '0' },
      { untilBye: true, withinMs: 60_000 },
    ],
  });
  const gaps: Gap[] = [];
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    await pause(3_000);
    gaps.push(await restart(signal));
  }
  const outcomes = await traffic;
  await agents.settled();
  await agent.hears(440);
  await long.media.hears(660);
  await agent.hangUp();
  await long.ended();

  expect(outcomes.filter(({ answered }) => !answered)).toEqual([]);
  expect(outcomes.filter(({ endedBy }) => endedBy !== 'callee')).toEqual([]);
  const inGaps = outcomes.filter(({ invitedAt }) =>
    gaps.some(({ from, to }) => invitedAt > from && invitedAt < to),
  );
  expect(inGaps.length, 'callers who came while nobody listened').toBeGreaterThan(0);

  const longestMs = Math.max(...inGaps.map(({ invitedAt, answeredAt }) => (answeredAt ?? 0) - invitedAt));
  console.info(
    `restarts until all was ready: ${gaps.map(({ from, to }) => `${to - from} ms`).join(', ')}; of ${inGaps.length} callers meanwhile the last was picked up after ${longestMs} ms`,
  );

  const records = await recordsOf(outcomes);
  if (gaps.every(({ from, to }) => to - from < fallbackAfterMs))
    expect(records.filter(({ degraded }) => degraded)).toEqual([]);
  const offMs = { began: 0, ended: 0 };
  for (const outcome of outcomes) {
    const record = records.find((one) => one.sip_call_id === outcome.sipCallId);
    expect(record).toMatchObject({ outcome: 'answered', release_party: 'agent' });
    const off = (ours: Date | undefined, theirs = 0) => Math.abs((ours?.getTime() ?? 0) - theirs);
    offMs.began = Math.max(offMs.began, off(record?.started_at, outcome.invitedAt));
    offMs.ended = Math.max(offMs.ended, off(record?.ended_at, outcome.endedAt));
  }
  console.info(`our times and those of the SIP side differ by at most ${JSON.stringify(offMs)} ms`);
  expect(offMs.began).toBeLessThan(closeMs);
  expect(offMs.ended).toBeLessThan(closeMs);
  expect(metricSum(await hotline.instance.metrics(), 'hotline_controller_restarts_total')).toBe(gaps.length);
  expect(agents.phones.every(({ state }) => state === 'idle')).toBe(true);
  await hotline.agentIs(talker, 'available');
});

type Row = {
  sip_call_id: string;
  outcome: string;
  release_party: string;
  degraded: boolean;
  started_at: Date;
  ended_at: Date;
};

/** One record of each call of the load, and none besides. */
async function recordsOf(outcomes: readonly CallOutcome[]): Promise<Row[]> {
  const ids = outcomes.map(({ sipCallId }) => sipCallId);
  const read = () =>
    hotline.instance.query<Row>(
      'select * from call_record where sip_call_id = any($1) and ended_at is not null',
      [ids],
    );
  return until(
    'a record of every call',
    async () => {
      const rows = await read();
      return rows.length === ids.length ? rows : null;
    },
    { withinMs: 60_000, everyMs: 200 },
  );
}

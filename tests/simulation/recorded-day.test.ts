import { expect, test } from 'vitest';
import { emptyLedger, foldLedger } from '../../services/cdr/ledger.ts';
import { instant } from '../../services/events/instant.ts';
import { addCounts, noCounts } from '../../services/kpi/counts.ts';
import { explainReplay, replayAsText } from '../../services/workforce/explain-replay.ts';
import { countsOfVisits, type RecordedDay, scenarioOfDay } from '../../services/workforce/recorded-day.ts';
import { simulate } from '../../services/workforce/simulate.ts';
import { demoCentre, simulateHotline, startOfTest } from '../support/simulated-hotline.ts';

const hourMs = 3_600_000;

/** Two hours of the engine itself, with calls of about three minutes for six agents, some callers impatient; as the records tell it. */
function recorded(): RecordedDay {
  const hotline = simulateHotline({ seed: 3 });
  const { time, random, telephony } = hotline;
  const exponential = (meanMs: number) => -Math.log(1 - random()) * meanMs;
  telephony.connects();
  for (const agent of ['1001', '1002', '1003', '1004', '1005', '1006']) {
    telephony.phone(agent).behaves({ answerAfterMs: 3_000, hangUpAfterMs: 170_000 });
    telephony.phone(agent).registers();
    hotline.setAgent(agent, { kind: 'ready' });
  }
  const callerLives = () => {
    if (time.now() >= startOfTest + 2 * hourMs) return;
    const leg = telephony.callerDials({ number: '95598', from: '13800138000' });
    for (let at = 3_000; at < 20_000; at += 4_000) time.schedule(at, () => telephony.callerPresses(leg, '0'));
    time.schedule(30_000 + exponential(300_000), () => telephony.callerHangsUp(leg));
    time.schedule(exponential(26_000), callerLives);
  };
  callerLives();
  time.pass(3 * hourMs);
  const { visits, conversations, openIntervals, closedIntervals } = foldLedger(emptyLedger(), hotline.events);
  return {
    startsAt: instant(startOfTest),
    endsAt: instant(startOfTest + 3 * hourMs),
    visits: [...visits.values()],
    conversations: [...conversations.values()].flatMap(
      ({ visitId, queue, ringMs, talkMs, holdMs, wrapUpMs }) =>
        talkMs === null ? [] : { visitId, queue, ringMs, talkMs, holdMs: holdMs ?? 0, wrapUpMs },
    ),
    intervals: [...closedIntervals, ...openIntervals.values()],
  };
}

test('a recorded day served again by the simulator is much like what the hotline did', () => {
  const day = recorded();
  const scenario = scenarioOfDay(day, demoCentre, 900_000);
  const [queue] = simulate(scenario, 1).queues;
  const again = (queue?.intervals ?? []).map(({ counts }) => counts).reduce(addCounts, noCounts());
  const definition = demoCentre.queues.get(queue?.queue ?? ('' as never));
  if (!definition) throw new Error('the first queue is not in the centre');
  const visits = day.visits.filter((visit) => visit.queue === queue?.queue);
  const before = countsOfVisits(visits, definition);

  expect(before.offered).toBeGreaterThan(150);
  expect(again.offered).toBe(before.offered);
  expect(scenario.agents.map(({ profile }) => profile.id)).toEqual([
    '1001',
    '1002',
    '1003',
    '1004',
    '1005',
    '1006',
  ]);
  const share = (of: typeof again) => of.answered / of.offered;
  expect(Math.abs(share(again) - share(before))).toBeLessThan(0.08);
  const speed = (of: typeof again) => of.waitAnsweredMs / of.answered;
  expect(speed(again) / speed(before)).toBeGreaterThan(0.6);
  expect(speed(again) / speed(before)).toBeLessThan(1.7);
  // Handle times are those that were measured.
  const talk = again.talkMs / again.handled;
  const talked = day.conversations.reduce((sum, one) => sum + one.talkMs, 0) / day.conversations.length;
  expect(talk / talked).toBeGreaterThan(0.9);
  expect(talk / talked).toBeLessThan(1.1);
});

test('each visit that went another way has its reason, and the same seed tells the same to the byte', () => {
  const day = recorded();
  const scenario = scenarioOfDay(day, demoCentre, 900_000);
  const told = explainReplay(day, scenario, 1);
  expect(told.visits).toBeGreaterThan(150);
  expect(told.same + told.differences.length).toBe(told.visits);
  expect(Object.values(told.counts).reduce((sum, n) => sum + n, 0)).toBe(told.differences.length);
  // The engine and the simulator share the router: most visits go as they went.
  expect(told.same / told.visits).toBeGreaterThan(0.5);
  expect(
    told.differences.filter(({ because }) => because === '' || /null|undefined|NaN/.test(because)),
  ).toEqual([]);
  expect(JSON.stringify(explainReplay(day, scenario, 1))).toBe(JSON.stringify(told));
  const text = replayAsText(told, 3);
  expect(text).toContain(`${told.same} of ${told.visits} visits went as recorded`);
  expect(text.trim().split('\n').length).toBeLessThanOrEqual(5);
});

test('an agent who was away when it was served again, or busy, or one whom the router did not choose: it is said', () => {
  const day = recorded();
  const scenario = scenarioOfDay(day, demoCentre, 900_000);
  const without = { ...scenario, agents: scenario.agents.filter(({ profile }) => profile.id !== '1002') };
  const told = explainReplay(day, without, 1);
  const of1002 = told.differences.filter(({ because }) => because.includes('rather than 1002'));
  expect(of1002.length).toBeGreaterThan(5);
  for (const { because } of of1002) expect(because).toContain('1002 is not at work here');
  expect(told.differences.map(({ because }) => because).join('\n')).toMatch(/is busy here with visit/);
  // With an agent less more callers wait longer than wait less, or are not served at all.
  const longer = told.differences.filter(({ waitedLongerMs }) => waitedLongerMs > 0).length;
  expect(longer).toBeGreaterThan(told.differences.length / 2);
  const [first, second] = told.differences;
  expect(Math.abs(first?.waitedLongerMs ?? 0)).toBeGreaterThanOrEqual(Math.abs(second?.waitedLongerMs ?? 0));
});
